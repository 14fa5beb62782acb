"""`dataelec build`: dbt runs where something changed since, and only there."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from command import build
from command.main import main
from dataelec.errors import DataElecError
from dataelec.settings import Settings
from tests.loaders.lakes import TEMPERATURE, temperature_file, temperature_row


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A project of one model and a lake of one file; what dbt was asked to build."""
    for name in build.READ:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("") if name.endswith(".yml") else (tmp_path / name).mkdir()
    (tmp_path / "models/a.sql").write_text("select 1")
    monkeypatch.setenv("DATAELEC_HOME", str(tmp_path))
    monkeypatch.delenv("DATAELEC_LAKE", raising=False)
    monkeypatch.delenv("DATAELEC_DATABASE", raising=False)
    call("import", TEMPERATURE, temperature_file(tmp_path, [temperature_row()]))
    asked: list[str] = []

    def run(settings: Settings, target: str) -> None:
        asked.append(target)
        settings.database_path(target).write_text(f"built {len(asked)}")

    monkeypatch.setattr(build, "_run_dbt", run)
    return asked


def test_a_warehouse_is_built_where_something_changed(
    runs: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert call("build", "--target", "live").exit_code == 0
    again = call("build", "--target", "live")
    assert (again.exit_code, runs) == (0, ["live"])
    assert again.output.startswith("Nothing changed since ")
    database = tmp_path / "warehouse/live.duckdb"
    changes: list[Callable[[], object]] = [
        lambda: call("import", TEMPERATURE, temperature_file(tmp_path, [temperature_row("2024-01-02")])),
        lambda: (tmp_path / "models/a.sql").write_text("select 2"),
        lambda: (tmp_path / "models/b.sql").write_text("select 2"),
        lambda: monkeypatch.setenv("DATAELEC_AS_OF", "2026-01-31"),
        lambda: database.write_text("by hand"),
        database.unlink,
    ]
    for number, change in enumerate(changes, start=2):
        change()
        call("build", "--target", "live")
        call("build", "--target", "live")
        assert len(runs) == number
    call("build", "--target", "live", "--anew")
    assert len(runs) == len(changes) + 2


def test_what_dbt_cannot_open_is_said_before_it_starts(
    runs: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("DATAELEC_HOME", str(tmp_path))

    def refused(target: str, database: str) -> str:
        monkeypatch.setenv("DATAELEC_DATABASE", database)
        done = call("build", "--target", target)
        assert done.exit_code == 1
        assert done.stdout == ""
        return done.stderr

    assert "There is no lake at" in refused("sample", "x.duckdb")
    (tmp_path / "dbt_project.yml").rename(tmp_path / "away")
    assert f"{tmp_path} is not the project" in refused("sample", "x.duckdb")
    (tmp_path / "away").rename(tmp_path / "dbt_project.yml")
    assert "There is no folder" in refused("live", "nowhere/x.duckdb")
    (tmp_path / "text.duckdb").write_text("Dear")
    assert "text.duckdb cannot be written: IO Error" in refused("live", "text.duckdb")
    (tmp_path / "folder.duckdb").mkdir()
    assert "folder.duckdb cannot be written: IO Error" in refused("live", "folder.duckdb")


def test_what_failed_is_built_again(runs: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    call("build", "--target", "live")

    def fail(settings: Settings, target: str) -> None:
        runs.append("failed")
        raise DataElecError("dbt failed (see above).", "Look.")

    monkeypatch.setattr(build, "_run_dbt", fail)
    failed = call("build", "--target", "live", "--anew")
    assert (failed.exit_code, failed.stderr) == (1, "Error: dbt failed (see above).\nLook.\n")
    call("build", "--target", "live")
    assert runs == ["live", "failed", "failed"]
