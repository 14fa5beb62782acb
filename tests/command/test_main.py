"""The command as a whole: every verb listed and helped, errors explained wherever they come from, a quick start."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from command.main import SECTIONS, main
from dataelec import settings


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
    assert refused.stderr.startswith(
        f"Error: There is no database at {tmp_path / 'none.duckdb'}.\n`dataelec build` makes"
    )
    assert list(tmp_path.iterdir()) == []


def test_the_documentation_page_is_the_projects_own_and_where_there_is_none_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATAELEC_HOME", str(tmp_path))
    refused = call("docs")
    page = tmp_path / "target/static_index.html"
    assert (refused.exit_code, refused.stderr) == (
        1,
        f"Error: There is no page at {page}.\n`make docs` writes and mends it.\n",
    )
    page.parent.mkdir()
    page.write_text("<p>")
    assert call("docs").exit_code == 0


@pytest.mark.parametrize(
    ("address", "message"),
    [("  ", "is blank"), ("gs://", "names no bucket"), ("letter/lake", "letter is a file, where a folder was to be")],
)
@pytest.mark.parametrize("command", ["status", "sample", "load"])
def test_an_address_that_can_be_no_lake_is_refused_before_anything_is_written(
    command: str, address: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "letter").write_text("Dear")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATAELEC_LAKE", address)
    monkeypatch.setenv("DATAELEC_HOME", str(tmp_path))
    refused = call(command)
    assert refused.exit_code == 1
    assert message in refused.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["letter"]


def test_no_place_is_not_the_default_place() -> None:
    refused = call("publish", "--output", "")
    assert refused.exit_code == 2
    assert "--output: it is empty" in refused.stderr


def test_tables_of_another_version_are_explained(tmp_path: Path) -> None:
    database = tmp_path / "old.duckdb"
    with duckdb.connect(str(database)) as old:
        old.execute("create schema analysis; create table analysis.data_provenance as select 1 as one")
    refused = CliRunner(env={"DATAELEC_DATABASE": str(database)}).invoke(main, ["publish", "--output", str(tmp_path)])
    assert refused.exit_code == 1
    assert f"{database} cannot answer: " in refused.stderr
    assert "`dataelec build --target sample` builds it anew" in refused.stderr
    assert "Traceback" not in refused.output


def test_no_command_waits_for_what_another_draws_with() -> None:
    """The chart library takes seconds to load."""
    code = "import sys, command.main; print(sorted({'vl_convert', 'jinja2'} & set(sys.modules)))"
    started = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert started.stdout == "[]\n"


@pytest.mark.parametrize("where", ["below", "elsewhere"])
@pytest.mark.parametrize("is_named", [True, False])
def test_from_any_folder_commands_find_the_lake_there_is(
    where: str, is_named: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Simulated here, as no real row landed; what is not there is said in a sentence."""
    home = tmp_path / "project"
    for folder in ("below", "lake/sample/_manifest", "lake/live/_manifest"):
        (home / folder).mkdir(parents=True)
    (home / "dbt_project.yml").touch()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(home / "below" if where == "below" else elsewhere)
    monkeypatch.setattr(settings, "PROJECT", home)
    for name in ("DATAELEC_LAKE", "DATAELEC_DATABASE", "DATAELEC_HOME"):
        monkeypatch.delenv(name, raising=False)
    if is_named:
        monkeypatch.setenv("DATAELEC_HOME", str(home))
    monkeypatch.setattr("simulation.write_sample", lambda *_: False)
    for command, said, code in (
        ("sample", f"{home}/lake/sample\nThat is where the project's commands look for it, from any folder", 0),
        ("status", f"{home}/lake/sample (no rows)", 3),
        ("verify", f"{home}/lake/sample: 0 files, all as they were landed", 0),
        ("vintages", "", 0),
        ("summary", f"There is no database at {home}/warehouse/sample.duckdb", 1),
        ("shell", f"There is no database at {home}/warehouse/sample.duckdb", 1),
    ):
        answered = call(command)
        assert said in answered.output, command
        assert answered.exit_code == code, (command, answered.output)
        assert ("DATAELEC_HOME" in os.environ) is is_named
    assert list(elsewhere.iterdir()) == []
