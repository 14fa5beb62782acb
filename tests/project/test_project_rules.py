"""House rules over the dbt manifest and the built warehouse: everything described, keyed, named by the rules."""

import json
import re
import subprocess
from typing import Any

import duckdb
import pytest

from tests.conftest import PROJECT, run

LAYERS = {"staging": r"stg_[a-z]+__[a-z_]+s", "intermediate": r"int_[a-z]+(_[a-z]+)+", "core": r"(dim|fct)_[a-z_]+"}
MARTS = ("core", "analysis", "dataelec")
# A solution has a null cooling balance point where the cooling term is left out: its key cannot be tested as not null.
WITHOUT_GRAIN_TEST = {"int_slopes_solved", "int_half_hourly_loads_flagged"}
OWN_TEST = "singular"
# Look-ups, and what stands on the fit, which is judged by tests of its own.
WITHOUT_MEASURES = {"dim_client_types", "date", "sensitivity_change", "sensitivity_diagnostics"}


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("manifest")
    parsed = run(
        *("dbt", "parse", "--target-path", folder / "target", "--log-path", folder / "logs"),
        env={"DATAELEC_HOME": str(PROJECT)},
    )
    assert parsed.returncode == 0, parsed.stdout
    content: dict[str, Any] = json.loads((folder / "target" / "manifest.json").read_text(encoding="utf-8"))
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
    for node in [*nodes(manifest, "model"), *nodes(manifest, "seed")]:
        built = sample.execute(
            "select column_name from information_schema.columns where table_schema = ? and table_name = ?",
            [node["schema"], node["name"]],
        ).fetchall()
        assert {name for (name,) in built} == set(node["columns"]), node["name"]


def test_names_follow_the_layer(manifest: dict[str, Any]) -> None:
    for model in nodes(manifest, "model"):
        pattern = LAYERS.get(model["schema"])
        assert pattern is None or re.fullmatch(pattern, model["name"]), model["name"]
        for column in model["columns"]:
            assert re.fullmatch(r"_?[a-z][a-z0-9_]*", column), f"{model['name']}.{column}"


def test_measures_carry_their_unit(manifest: dict[str, Any]) -> None:
    """A quantity without its unit is how a factor of two slips in."""
    bare = re.compile(r"^(load|energy|temperature|.*slope|.*balance_point|degrees)(_(mean|min|max|sum|peak))?$")
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


def strip_comments(sql: str) -> str:
    return re.sub(r"--[^\n]*", "", sql)


def test_no_column_is_named_twice_for_one_thing() -> None:
    """The glossary holds each column once."""
    text = (PROJECT / "models" / "docs" / "glossary.md").read_text(encoding="utf-8")
    names = re.findall(r"{% docs (\w+) %}", text)
    assert len(names) == len(set(names))


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
