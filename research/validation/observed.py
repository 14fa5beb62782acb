"""The warehouse of the real files that the validation starts from, and the SQL that dbt compiled for it."""

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from research.project import PROJECT, REAL_DATA, build, run

DATASETS = (
    "consommation-quotidienne-brute-regionale",
    "temperature-quotidienne-regionale",
    "consommation-annuelle-brute-regionale",
)


@dataclass(frozen=True)
class Model:
    """One dbt model: the relation it makes and its compiled query."""

    relation: str
    schema: str
    name: str
    query: str
    materialized: str


@dataclass(frozen=True)
class Observed:
    """A built warehouse of real files: the database and the folder of dbt's artefacts."""

    database: Path
    target: Path

    @property
    def database_name(self) -> str:
        """What the compiled SQL calls the database."""
        return self.database.stem

    def models_between(
        self, sources: Collection[str], last: Collection[str]
    ) -> tuple[list[Model], list[tuple[str, str]]]:
        """Models to run after ``sources`` changed, in order, until those named last exist.

        The second part of the answer are the (schema, name) that these models read and that did not change.
        """
        nodes = _nodes(self.target)
        wanted = _closure([key for key in nodes if nodes[key]["name"] in last], lambda key: _parents(nodes, key))
        children = {key: [child for child in wanted if key in _parents(nodes, child)] for key in wanted}
        changed = _closure([key for key in wanted if nodes[key]["name"] in sources], lambda key: children[key])
        ordered = _sorted_by_dependency(nodes, [key for key in changed if nodes[key]["name"] not in sources])
        unchanged = {parent for key in ordered for parent in _parents(nodes, key)} - changed
        models = [self._model(nodes, key) for key in ordered]
        return models, sorted((nodes[key]["schema"], nodes[key]["name"]) for key in unchanged)

    def models_below(self, folder: str, also: Collection[str] = ()) -> tuple[list[Model], list[tuple[str, str]]]:
        """Models of a folder of the project, and those named, in order, and the (schema, name) that they read."""
        nodes = _nodes(self.target)
        inside = [
            key
            for key in nodes
            if nodes[key]["original_file_path"].startswith(f"{folder}/") or nodes[key]["name"] in also
        ]
        outside = {parent for key in inside for parent in _parents(nodes, key)} - set(inside)
        models = [self._model(nodes, key) for key in _sorted_by_dependency(nodes, inside)]
        return models, sorted((nodes[key]["schema"], nodes[key]["name"]) for key in outside)

    def _model(self, nodes: dict[str, Any], key: str) -> Model:
        node = nodes[key]
        compiled = self.target / "compiled" / node["package_name"] / node["original_file_path"]
        return Model(
            relation=node["relation_name"],
            schema=node["schema"],
            name=node["name"],
            query=compiled.read_text(encoding="utf-8"),
            materialized=node["config"]["materialized"],
        )


def build_observed(folder: Path) -> Observed:
    """The warehouse in ``folder``, built from the real files unless it stands there already."""
    observed = Observed(folder / "observed.duckdb", folder / "target")
    if observed.database.exists():
        return observed
    if not REAL_DATA.is_dir():
        raise SystemExit("The validation needs the real extracts beside the project, in ../shared/data.")
    folder.mkdir(parents=True, exist_ok=True)
    lake = folder / "lake"
    for dataset in DATASETS:
        extracts = REAL_DATA / "odre" / dataset
        files = sorted(extracts.glob("*.parquet")) or sorted(extracts.glob("*.csv"))
        imported = run("dataelec", "import", dataset, *files, env={"DATAELEC_LAKE": str(lake)})
        if imported.returncode != 0:
            raise SystemExit(f"dataelec import {dataset} failed:\n{imported.stdout}{imported.stderr}")
    return _build(lake, observed, "live")


def build_simulated(folder: Path) -> Observed:
    """The warehouse in ``folder``, built from a simulated lake unless it stands there already."""
    observed = Observed(folder / "simulated.duckdb", folder / "target")
    if observed.database.exists():
        return observed
    folder.mkdir(parents=True, exist_ok=True)
    lake = folder / "lake"
    written = run("dataelec", "sample", env={"DATAELEC_LAKE": str(lake)})
    if written.returncode != 0:
        raise SystemExit(f"dataelec sample failed:\n{written.stdout}{written.stderr}")
    return _build(lake, observed, "sample")


def compile_only(folder: Path) -> Observed:
    """The project's SQL as dbt compiles it into ``folder``, for a database that is yet to be filled."""
    compiled = Observed(folder / "compiled.duckdb", folder / "target")
    done = run(
        *("dbt", "compile", "--target", "sample", "--target-path", compiled.target, "--log-path", folder / "logs"),
        *(
            "--select",
            "path:models/marts/area",
            "area_sensitivity",
            "insulation_priority",
            "path:models/preparation/weather",
        ),
        env={"DATAELEC_DATABASE": str(compiled.database), "DATAELEC_HOME": str(PROJECT)},
    )
    if done.returncode != 0:
        raise SystemExit(f"dbt compile failed:\n{done.stdout[-4000:]}")
    return compiled


def _build(lake: Path, observed: Observed, target: str) -> Observed:
    built = build(lake, observed.database, target, "--exclude", "resource_type:test")
    if built.returncode != 0:
        observed.database.unlink(missing_ok=True)
        raise SystemExit(f"dbt build failed:\n{built.stdout[-4000:]}")
    return observed


def _nodes(target: Path) -> dict[str, Any]:
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    return {key: node for key, node in manifest["nodes"].items() if node["resource_type"] in ("model", "seed")}


def _parents(nodes: dict[str, Any], key: str) -> list[str]:
    return [parent for parent in nodes[key]["depends_on"].get("nodes", []) if parent in nodes]


def _closure(start: list[str], following: Callable[[str], Iterable[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(start)
    while waiting:
        key = waiting.pop()
        if key not in found:
            found.add(key)
            waiting.extend(following(key))
    return found


def _sorted_by_dependency(nodes: dict[str, Any], keys: list[str]) -> list[str]:
    ordered: list[str] = []
    waiting = sorted(keys)
    while waiting:
        ready = [key for key in waiting if not set(_parents(nodes, key)) & set(waiting)]
        ordered.extend(ready)
        waiting = [key for key in waiting if key not in ready]
    return ordered
