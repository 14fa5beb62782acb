"""House rules over the dbt manifest and the built warehouse: everything described, keyed, named by the rules."""

import functools
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from maintenance.model_columns import built_in, completed
from research.project import PROJECT

LAYERS = {"staging": r"stg_[a-z]+__[a-z_]+s", "intermediate": r"int_[a-z]+(_[a-z]+)+", "core": r"(dim|fct)_[a-z_]+"}
MARTS = ("core", "analysis", "dataelec")
# A solution has a null cooling balance point where the cooling term is left out: its key cannot be tested as not null.
WITHOUT_GRAIN_TEST = {"int_half_hourly_loads_flagged"}
OWN_TEST = "singular"
# Staged for what comes: a view that nothing reads is read by somebody soon, or goes.
WAITING = {"stg_holidays__alsace_moselle_public_holidays", "stg_ore__annual_iris_consumptions"}
# Folders of `models/` from left to right: a model reads its own and those to its left.
ORDER = ("staging", "preparation", "core", "sensitivity", "marts", "documented", "semantic")
# How many models a figure passes through, its own included: each is a name that a reader must learn.
DEEPEST = 14
# Look-ups, and what stands on the fit, which is judged by tests of its own.
WITHOUT_MEASURES = {
    "dim_client_types",
    "dim_labels",
    "dim_commune_outlines",
    "date",
    "sensitivity_change",
    "sensitivity_diagnostics",
    "sensitivity_by_regressor",
    "slopes",
}


@pytest.fixture(scope="module")
def manifest(sample_warehouse: Path) -> dict[str, Any]:
    artefacts = sample_warehouse.parent / "target"
    content: dict[str, Any] = json.loads((artefacts / "manifest.json").read_text(encoding="utf-8"))
    return content


def nodes(manifest: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [
        node
        for node in manifest["nodes"].values()
        if node["resource_type"] == kind and node["package_name"] == "dataelec"
    ]


def test_everything_is_described(manifest: dict[str, Any]) -> None:
    silent = []
    for node in [*nodes(manifest, "model"), *nodes(manifest, "seed"), *manifest["sources"].values()]:
        if not node["description"].strip():
            silent.append(node["name"])
        silent += [f"{node['name']}.{name}" for name, column in node["columns"].items() if not column["description"]]
    silent += [
        macro["name"]
        for macro in manifest["macros"].values()
        if macro["package_name"] == "dataelec"
        and not macro["description"].strip()
        and not macro["name"].startswith("test_")
    ]
    assert silent == []


def test_columns_described_are_the_columns_built(manifest: dict[str, Any], sample: duckdb.DuckDBPyConnection) -> None:
    """Of models, `dataelec columns` writes them."""
    built = built_in(sample)
    for node in [*nodes(manifest, "model"), *nodes(manifest, "seed")]:
        numbered = node["config"].get("meta", {}).get("numbered_columns", [])
        named = {
            column
            for column in built[node["name"]]
            if not (column.rpartition("_")[0] in numbered and column.rpartition("_")[2].isdigit())
        }
        assert named == set(node["columns"]), node["name"]
    for path in (PROJECT / "models").rglob("*__models.yml"):
        text = path.read_text(encoding="utf-8")
        assert completed(text, built) == text, path


def test_columns_are_completed_and_what_is_written_by_hand_stays() -> None:
    text = """models:
  - name: int_a
    description: A.
    columns:
      - {name: gone, description: '{{ doc("gone") }}'}
      - name: kept
        # Why.
        description: By hand.
        data_tests: [not_null]
  - name: int_b
    columns:
      - {name: typed, data_type: double, description: '{{ doc("typed") }}'}
  - name: not_built
    columns:
      - name: left_alone
        description: x
"""
    built = {"int_a": {"first": "integer", "kept": "date", "last": "date"}, "int_b": {"typed": "double", "new": "date"}}
    entry = "      - {{name: {0}, {1}description: '{{{{ doc(\"{0}\") }}}}'}}\n"
    complete = text.replace(entry.format("gone", ""), entry.format("first", ""))
    complete = complete.replace("[not_null]\n", "[not_null]\n" + entry.format("last", ""))
    complete = complete.replace("  - name: not_built", entry.format("new", "data_type: date, ") + "  - name: not_built")
    assert completed(text, built) == complete
    in_lines = """      - name: typed
        data_type: double
        description: '{{ doc("typed") }}'
"""
    text = text.replace(entry.format("typed", "data_type: double, "), in_lines)
    assert in_lines in text
    assert completed(text, built) == complete
    assert completed(complete, built) == complete


def test_names_follow_the_layer(manifest: dict[str, Any]) -> None:
    for model in nodes(manifest, "model"):
        pattern = LAYERS.get(model["schema"])
        assert pattern is None or re.fullmatch(pattern, model["name"]), model["name"]
        for column in model["columns"]:
            assert re.fullmatch(r"_?[a-z][a-z0-9_]*", column), f"{model['name']}.{column}"


def test_measures_carry_their_unit(manifest: dict[str, Any]) -> None:
    """A quantity without its unit is how a factor of two slips in."""
    bare = re.compile(r"^(?!is_)(load|energy|temperature|.*slope|.*balance_point|degrees)(_(mean|min|max|sum|peak))?$")
    for model in nodes(manifest, "model"):
        assert [column for column in model["columns"] if bare.match(column)] == [], model["name"]


def test_what_people_query_says_whether_it_is_simulated(manifest: dict[str, Any]) -> None:
    for model in nodes(manifest, "model"):
        assert model["schema"] != "analysis" or "is_simulated" in model["columns"], model["name"]


def test_models_are_keyed_and_marts_contracted(manifest: dict[str, Any]) -> None:
    tested: dict[str, set[str]] = {}
    for test in nodes(manifest, "test"):
        metadata = test.get("test_metadata") or {}
        for parent in test["depends_on"]["nodes"]:
            tested.setdefault(parent.split(".")[-1], set()).add(metadata.get("name", OWN_TEST))
    for model in nodes(manifest, "model"):
        if model["schema"] in MARTS:
            assert model["contract"]["enforced"], model["name"]
            # A test of its own, or a range: what a wrong factor of two would fail.
            is_valued = tested.get(model["name"], set()) & {"within_range", OWN_TEST}
            assert is_valued or model["name"] in WITHOUT_MEASURES, model["name"]
        if model["schema"] != "staging" and model["name"] not in WITHOUT_GRAIN_TEST:
            assert tested.get(model["name"], set()) & {"unique_grain", "unique"}, model["name"]


def test_what_repairs_has_unit_tests(manifest: dict[str, Any]) -> None:
    """A rule is tried on small rows on both sides of its bound, whatever the data of the day happens to hold."""
    tried = {test["model"] for test in manifest["unit_tests"].values()}
    untried = [
        model["name"]
        for model in nodes(manifest, "model")
        if model["original_file_path"].startswith("models/preparation/") and model["name"] not in tried
    ]
    assert untried == []


def test_staging_reads_one_source_and_nothing_else(manifest: dict[str, Any]) -> None:
    for model in nodes(manifest, "model"):
        if model["schema"] != "staging":
            assert all(not parent.startswith("source.") for parent in model["depends_on"]["nodes"]), model["name"]
            continue
        assert [parent.split(".")[0] for parent in model["depends_on"]["nodes"]] == ["source"], model["name"]
        macros = [
            manifest["macros"][name] for name in model["depends_on"]["macros"] if name.startswith("macro.dataelec.")
        ]
        for code in [model["raw_code"], *(macro["macro_sql"] for macro in macros)]:
            assert not re.search(r"\b(join|where|group by|distinct|limit)\b", strip_comments(code)), model["name"]
        assert model["config"]["materialized"] == "view"


def test_arrows_go_one_way(manifest: dict[str, Any]) -> None:
    layers = {model["unique_id"]: model["original_file_path"].split("/")[1] for model in nodes(manifest, "model")}
    assert set(layers.values()) <= set(ORDER)
    back = [
        f"{model['name']} ({layers[model['unique_id']]}) reads {parent} ({layers[parent]})"
        for model in nodes(manifest, "model")
        for parent in model["depends_on"]["nodes"]
        if parent in layers and ORDER.index(layers[parent]) > ORDER.index(layers[model["unique_id"]])
    ]
    assert back == []


def test_what_is_staged_is_read(manifest: dict[str, Any]) -> None:
    read = {parent.split(".")[-1] for model in nodes(manifest, "model") for parent in model["depends_on"]["nodes"]}
    staged = {model["name"] for model in nodes(manifest, "model") if model["schema"] in ("staging", "intermediate")}
    assert staged - read == WAITING


def test_what_a_mart_is_put_together_from_lies_beside_it(manifest: dict[str, Any]) -> None:
    """A folder of `marts` is one concern's: marts read it, nothing else does; what all layers read is prepared."""
    paths = {model["unique_id"]: model["original_file_path"] for model in nodes(manifest, "model")}
    strangers = [
        f"{model['name']} reads {parent}"
        for model in nodes(manifest, "model")
        for parent in model["depends_on"]["nodes"]
        if re.match(r"models/marts/\w+/", paths.get(parent, ""))
        and not paths[model["unique_id"]].startswith("models/marts/")
    ]
    assert strangers == []


def test_no_figure_lies_deep(manifest: dict[str, Any]) -> None:
    models = {model["unique_id"]: model for model in nodes(manifest, "model")}

    @functools.cache
    def depth(name: str) -> int:
        return 1 + max((depth(parent) for parent in models[name]["depends_on"]["nodes"] if parent in models), default=0)

    assert depth("model.dataelec.weather_sensitivity") <= DEEPEST


def test_no_model_needs_what_the_next_dbt_lacks(manifest: dict[str, Any]) -> None:
    """See docs/decisions/0010."""
    for model in nodes(manifest, "model"):
        assert model["language"] == "sql", model["name"]
        assert model["config"]["materialized"] in ("view", "table", "incremental"), model["name"]
    outputs = yaml.safe_load((PROJECT / "profiles.yml").read_text(encoding="utf-8"))["dataelec"]["outputs"]
    assert [name for name, output in outputs.items() if {"extensions", "module_paths"} & output.keys()] == []


def strip_comments(sql: str) -> str:
    return re.sub(r"--[^\n]*", "", sql)


def test_the_glossary_holds_each_column_once() -> None:
    text = (PROJECT / "models" / "docs" / "glossary.md").read_text(encoding="utf-8")
    names = re.findall(r"{% docs (\w+) %}", text)
    assert len(names) == len(set(names))
    files = [path for folder in ("models", "seeds") for path in (PROJECT / folder).rglob("*.yml")]
    used = {name for path in files for name in re.findall(r"doc\(\"(\w+)\"\)", path.read_text(encoding="utf-8"))}
    assert set(names) - used == set()


def test_columns_people_query_give_their_french_term(manifest: dict[str, Any]) -> None:
    """In parentheses, so that a search finds the column; the columns of the documented schema are French themselves."""
    silent = {
        name
        for model in nodes(manifest, "model")
        if model["schema"] in ("core", "analysis")
        for name, column in model["columns"].items()
        if not re.search(r"\([^()]*\w{2}", column["description"])
    }
    assert silent == set()


def test_documents_point_at_what_exists() -> None:
    for page in [PROJECT / "README.md", *sorted((PROJECT / "docs").rglob("*.md"))]:
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.relative_to(PROJECT)} -> {link}"


def test_no_index_is_named() -> None:
    """A lock with index lines would install from one machine's mirror, or fail elsewhere."""
    for name in run_git("ls-files", "*.lock", "*requirements*.txt").split():
        lines = (PROJECT / name).read_text(encoding="utf-8").splitlines()
        assert [line for line in lines if line.startswith("-") or "://" in line] == [], name


def run_git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=PROJECT, capture_output=True, text=True, check=True).stdout
