"""`build`: the warehouse of a target by dbt, where something changed since it was last built."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click
import duckdb

from command.lake import refuse_no_lake
from command.options import progress, target_option
from dataelec.errors import DataElecError, first_line
from dataelec.settings import Settings
from loaders.lake import Lake
from loaders.storage import write_whole

# What dbt reads of the project, and the libraries that decide what becomes of it.
READ = ("models", "macros", "seeds", "analyses", "tests/generic", "tests/singular", "dbt_project.yml", "profiles.yml")
LIBRARIES = ("dbt-core", "dbt-duckdb", "duckdb")
QUESTIONS = "resource_type:analysis"


@click.command(
    epilog="""\b
Examples
  dataelec build
  dataelec build --target live
  dataelec build --anew

\b
Exit codes: 0 built, or it stands as it is; 1 a model or a test failed, or another error; 2 wrong usage
"""
)
@target_option
@click.option("--anew", is_flag=True, help="Build although nothing changed.")
def build(target: str, anew: bool) -> None:
    """Build and test the warehouse, where something changed.

    `dbt build` but for unit tests, then `dbt compile` of the worked questions; dbt reads the project once. What counts
    as a change: the lake, the project's models and seeds, the versions of dbt and DuckDB, DATAELEC_AS_OF, the database
    file itself.
    """
    settings = Settings.from_environment()
    if not (settings.home / "dbt_project.yml").is_file():
        raise DataElecError(
            f"{settings.home} is not the project: DATAELEC_HOME.", "Unset it; the project is found then."
        )
    database = settings.database_path(target)
    record = database.with_name(f"{database.name}.built")
    asked = _digest(settings, target)
    if not anew and _recorded(record) == (asked, _changed_at(database)):
        click.echo(f"Nothing changed since {database} was built. --anew builds it all the same.")
        return
    refuse_no_lake(Lake(settings.lake_root(target)))
    record.unlink(missing_ok=True)
    if settings.database is None:
        database.parent.mkdir(exist_ok=True)
    _run_dbt(settings, target)
    write_whole(record, json.dumps([asked, _changed_at(database)]).encode())


def _digest(settings: Settings, target: str) -> str:
    """Return one hash of all that a build reads."""
    found = hashlib.sha256(repr([settings.as_of, *map(version, LIBRARIES)]).encode())
    for path in _files(settings.home):
        found.update(path.relative_to(settings.home).as_posix().encode() + path.read_bytes())
    for name, content in sorted(Lake(settings.lake_root(target)).manifest_contents().items()):
        found.update(name.encode() + (content or b""))
    return found.hexdigest()


def _files(home: Path) -> Iterator[Path]:
    for name in READ:
        path = home / name
        yield from sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]


def _changed_at(database: Path) -> int | None:
    return database.stat().st_mtime_ns if database.exists() else None


def _recorded(record: Path) -> tuple[str, int] | None:
    try:
        digest, changed_at = json.loads(record.read_bytes())
    except (OSError, ValueError):
        return None
    return digest, changed_at


def _run_dbt(settings: Settings, target: str) -> None:
    """Run dbt in this process, saying what it is at; DataElecError where it fails, of which dbt has said why."""
    _refuse_what_dbt_cannot_open(settings.database_path(target))
    # Imported here: it takes seconds, which a build with nothing to do need not.
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner
    from dbt.contracts.graph.manifest import Manifest

    place = ("--project-dir", str(settings.home), "--profiles-dir", str(settings.home), "--target", target)
    with progress() as notify:
        notify("dbt reads the project")
        started = time.monotonic()

        def said(what: str) -> None:
            nonlocal started
            click.echo(f"{what} in {time.monotonic() - started:.0f} s")
            started = time.monotonic()

        parsed = dbtRunner().invoke(["--quiet", "parse", *place])
        _refuse_failure(parsed, target)
        assert isinstance(parsed.result, Manifest)
        said(f"read {len(parsed.result.nodes):,} models, seeds and tests")
        runner = dbtRunner(manifest=parsed.result, callbacks=[_told(notify)])
        # Unit tests judge the project, not the lake: `make test` runs them. A log of every event costs seconds.
        quick = ("--quiet", "--log-level-file", "info")
        built = runner.invoke([*quick, "build", "--exclude-resource-type", "unit_test", *place])
        _refuse_failure(built, target)
        said("built and tested them")
        _refuse_failure(runner.invoke(["--quiet", "compile", "--select", QUESTIONS, *place]), target)
        said("compiled the worked questions")
        # The file changes once more when it is closed.
        DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]


def _refuse_what_dbt_cannot_open(database: Path) -> None:
    """Say at once what dbt says with a traceback, once it has read the project."""
    if not database.parent.is_dir():
        raise DataElecError(
            f"There is no folder {database.parent} for the database.",
            "Make it, or name another file: DATAELEC_DATABASE.",
        )
    if not database.exists() or database.suffix != ".duckdb":  # of other names dbt says why they are refused
        return
    try:
        duckdb.connect(str(database)).close()
    except duckdb.Error as problem:
        raise DataElecError(
            f"{database} cannot be written: {first_line(problem)}",
            "End what has it open. If nothing has, delete it: it is made anew. DATAELEC_DATABASE names another file.",
        ) from problem


def _told(notify: Callable[[str], None]) -> Callable[[Any], None]:
    """Return what dbt calls with each of its events: those that begin a node say how far it is."""

    def tell(event: Any) -> None:
        if event.info.name == "LogStartLine":
            notify(f"dbt: {event.data.index} of {event.data.total}, {event.data.description}")

    return tell


def _refuse_failure(done: Any, target: str) -> None:
    if not done.success:
        raise DataElecError(
            "dbt failed (see above).", f"`dbt build --target {target}`, in the project's folder, says more of it."
        )
