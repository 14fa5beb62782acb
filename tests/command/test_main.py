"""The command as a whole: every verb listed and helped, errors explained wherever they come from, a quick start."""

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from command.main import SECTIONS, main


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_every_command_is_listed_whole_and_explains_itself() -> None:
    listed = call("--help").output
    commands = [command for section in SECTIONS.values() for command in section]
    assert {command.name for command in commands} == set(main.commands)
    for command in commands:
        summary = command.get_short_help_str(85)
        assert summary in listed, command.name
        assert not summary.endswith("..."), command.name
        shown = call(command.name, "--help")
        assert shown.exit_code == 0
        assert summary.rstrip(".") in shown.output, command.name


@pytest.mark.parametrize("command", ["summary", "page", "pictures", "shell", "publish", "freeze", "columns"])
def test_without_a_warehouse_each_says_what_makes_one(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATAELEC_HOME", str(tmp_path))
    monkeypatch.setenv("DATAELEC_DATABASE", "none.duckdb")
    needed = {"pictures": ["preview"], "freeze": ["--reason", "a test"]}
    refused = call(command, *needed.get(command, []))
    assert refused.exit_code == 1
    assert refused.stderr == f"Error: There is no database at {tmp_path / 'none.duckdb'}.\n`dbt build` makes it.\n"
    assert list(tmp_path.iterdir()) == []


def test_tables_of_another_version_are_explained(tmp_path: Path) -> None:
    database = tmp_path / "old.duckdb"
    with duckdb.connect(str(database)) as old:
        old.execute("create schema analysis; create table analysis.data_provenance as select 1 as one")
    refused = CliRunner(env={"DATAELEC_DATABASE": str(database)}).invoke(main, ["publish", "--output", str(tmp_path)])
    assert refused.exit_code == 1
    assert f"{database} cannot answer: " in refused.stderr
    assert "`dbt build --target sample` builds it anew" in refused.stderr
    assert "Traceback" not in refused.output


def test_no_command_waits_for_what_another_draws_with() -> None:
    """The chart library takes seconds to load."""
    code = "import sys, command.main; print(sorted({'vl_convert', 'jinja2'} & set(sys.modules)))"
    started = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert started.stdout == "[]\n"
