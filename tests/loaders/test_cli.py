"""The command line: what it prints, its exit codes, where it looks."""

import json
import socket
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from command import lake
from command.main import main
from dataelec.settings import Settings
from loaders import loading
from loaders.catalog import CATALOG
from loaders.http import Limits
from loaders.loading import Outcome
from loaders.portals import PORTALS
from tests.loaders.lakes import ANNUAL, LOAD, TEMPERATURE, json_file, temperature_file, temperature_row, tree


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATAELEC_HOME", str(tmp_path))
    monkeypatch.delenv("DATAELEC_LAKE", raising=False)
    return tmp_path


def call(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_import_reports_and_lands_in_the_live_lake_of_home(home: Path) -> None:
    file = temperature_file(home, [temperature_row(), temperature_row(), temperature_row(code="")])
    first = call("import", TEMPERATURE, file)
    assert first.exit_code == 0
    assert "t.csv: 3 rows read: 1 new, 0 replaced, 0 unchanged" in first.output
    assert "left out 1 rows: no value in `code_insee_region`" in first.output
    assert f"landed in {home / 'lake/live'}: 2024" in first.output
    before = tree(home)
    again = call("import", TEMPERATURE, file)
    assert again.exit_code == 0
    assert f"{TEMPERATURE}: unchanged" in again.output
    assert tree(home) == before


def test_import_names_ignored_columns(home: Path) -> None:
    file = json_file(home, [{"date": "2024-01-01", "code_insee_region": 1, "tmin": 1, "tmax": 2, "tmoy": 1, "geo": 4}])
    assert "ignored columns that the catalog does not know: 'geo'" in call("import", TEMPERATURE, file).output


def test_errors_are_explained_without_a_traceback(home: Path) -> None:
    refused = call("import", "temperature", home / "nothing.csv")
    assert refused.exit_code == 1
    assert refused.stdout == ""
    assert refused.stderr.startswith("Error: There is no dataset `temperature`")
    assert "There is no dataset `temperature` in the catalog" in refused.stderr
    assert TEMPERATURE not in refused.stderr
    assert "Traceback" not in refused.output


def test_a_lake_that_cannot_be_written_is_explained(home: Path) -> None:
    occupied = home / "occupied"
    occupied.write_text("a file")
    refused = call("import", TEMPERATURE, temperature_file(home, [temperature_row()]), "--lake", occupied)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert str(occupied) in refused.stderr
    assert call("import", TEMPERATURE, home / "t.csv", "--lake", "gs:/x://y").exit_code == 1


def test_a_disk_that_fills_up_while_rows_are_sorted_is_explained(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*arguments: object, **options: object) -> None:
        raise duckdb.IOException("IO Error: Could not write file: No space left on device\nStack trace: 0x1")

    monkeypatch.setattr(lake, "import_files", full)
    refused = call("import", TEMPERATURE, temperature_file(home, [temperature_row()]))
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr.startswith("Error: no space left on the disk: what was there before is untouched.\nMake room")
    assert "TMPDIR" in refused.stderr


@pytest.mark.parametrize(
    "arguments",
    [(), ("import",), ("import", TEMPERATURE), ("import", TEMPERATURE, "f", "--published-at", "soon"), ("unload",)],
)
def test_wrong_usage_exits_with_2(home: Path, arguments: tuple[str, ...]) -> None:
    assert call(*arguments).exit_code == 2


def test_published_at_is_the_vintage(home: Path) -> None:
    file = temperature_file(home, [temperature_row()])
    call("import", TEMPERATURE, file, "--published-at", "2024-03-01T01:00:00+01:00")
    held = json.loads(call("status", "--json").output)["datasets"]
    assert {d["dataset"]: d["newest_vintage"] for d in held}[TEMPERATURE] == "2024-03-01T00:00:00+00:00"


def test_status_without_a_lake_says_what_to_run(home: Path) -> None:
    status = call("status")
    assert status.exit_code == 1
    assert "There is no lake at" in status.stderr
    assert "dataelec import" in status.stderr
    assert not (home / "lake").exists()


def test_status_lists_what_is_empty_and_exits_with_3_until_nothing_is(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for other in sorted(set(CATALOG) - {TEMPERATURE, ANNUAL, LOAD}):
        monkeypatch.delitem(CATALOG, other)
    call("import", TEMPERATURE, temperature_file(home, [temperature_row()]))
    some = call("status")
    assert some.exit_code == 3
    assert f"empty: {LOAD}" in some.output
    row = next(line for line in some.output.splitlines() if line.startswith(TEMPERATURE))
    assert row.split()[1:3] == ["1", "1"]
    assert "2024-01-31  2024-01-31" in row
    annual = {"annee": 2014, "code_insee_region": 11, "consommation_brute_electricite_rte": 9_000}
    load = {"date_heure": "2019-01-15T00:30:00+01:00", "heure": "00:30", **annual}
    call("import", ANNUAL, json_file(home, [annual], "a.json"))
    call("import", LOAD, json_file(home, [load], "l.json"))
    assert call("status").exit_code == 0
    assert call("status", "--json").exit_code == 0


def test_check_names_each_wrong_file_and_lands_none(home: Path) -> None:
    good = temperature_file(home, [temperature_row()], "good.csv")
    bad = temperature_file(home, [temperature_row(tmoy="x")], "bad.csv")
    checked = call("import", TEMPERATURE, good, bad, "--check")
    assert checked.exit_code == 1
    assert checked.output.startswith("good.csv: 1 rows can be read")
    assert "bad.csv: rejected: bad.csv, line 2, column `tmoy`: 'x' is not a number" in checked.stderr
    assert call("import", TEMPERATURE, good, "--check").exit_code == 0
    assert "There is no lake" in call("status").stderr


def test_sources_lists_all_and_shows_one(home: Path) -> None:
    listed = call("sources")
    assert listed.exit_code == 0
    for dataset in CATALOG.values():
        line = next(line for line in listed.output.splitlines() if line.split()[:1] == [dataset.dataset_id])
        assert dataset.producer in line
        assert dataset.grain.split(",")[0] in line
        assert dataset.licence in line
    shown = call("sources", LOAD).output
    assert "Consommation brute gaz (MW PCS 0°C) - NaTran" in shown
    assert "code_insee_region, date_heure, heure" in shown
    assert "4 calendar years may still change; late after 62 days" in shown
    assert call("sources", "x").exit_code == 1


@pytest.mark.parametrize("command", [[], ["import"], ["sample"], ["sources"], ["status"]])
def test_help_has_examples_and_exit_codes(command: list[str]) -> None:
    text = call(*command, "--help").output
    assert command == [] or f"Examples\n    dataelec {command[0]}" in text
    assert command == ["sources"] or "xit codes" in text


def test_a_lake_on_the_command_line_starts_where_the_command_runs(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = home / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    file = temperature_file(home, [temperature_row()])
    monkeypatch.setenv("DATAELEC_LAKE", "set")
    call("import", TEMPERATURE, file)
    call("import", TEMPERATURE, file, "--lake", "given")
    assert (home / "set").is_dir()
    assert (elsewhere / "given").is_dir()


def test_settings_are_anchored_on_home() -> None:
    assert Settings.from_environment({"DATAELEC_HOME": "/h"}).lake_root("live") == "/h/lake/live"
    assert Settings.from_environment({"DATAELEC_HOME": "/h", "DATAELEC_LAKE": "x"}).lake_root("live") == "/h/x"
    assert Settings.from_environment({"DATAELEC_HOME": "/h", "DATAELEC_LAKE": "/x"}).lake_root("live") == "/x"
    assert Settings.from_environment({"DATAELEC_LAKE": "gs://b/p/"}).lake_root("live") == "gs://b/p"


def test_a_machine_without_network_is_told_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "Limits", lambda: Limits(attempts=1))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        for portal in PORTALS:
            monkeypatch.setenv(f"DATAELEC_{portal.upper()}_URL", f"http://127.0.0.1:{free.getsockname()[1]}")
        nothing = call("load")
        assert (nothing.exit_code, nothing.stdout) == (lake.LAKE_EMPTY, "")
        assert nothing.stderr.startswith("Error: no portal can be reached (")
        assert nothing.stderr.count("\n") == 1
        call("import", TEMPERATURE, temperature_file(home, [temperature_row()]))
        assert call("load").exit_code == 1
        # Where others answer, each reason is told once, with the datasets that it keeps out.
        outcome = Outcome(TEMPERATURE, "odre", loading.FAILED, why="ODRÉ is down.", is_unreachable=True)
        others = [replace(outcome, dataset=ANNUAL, why="Not tried: ODRÉ is down."), Outcome(LOAD, "odre", "unchanged")]
        monkeypatch.setattr(lake, "load", lambda *arguments, **named: [outcome, *others])
        assert call("load").stderr == f"Error: {TEMPERATURE}, {ANNUAL}: ODRÉ is down.\n"
