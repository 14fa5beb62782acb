"""The table that `make run` ends with, and what stands there when there is nothing to show."""

from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner, Result

from command.main import main
from research.project import PROJECT
from tests.report.conftest import make_warehouse


def summary(monkeypatch: pytest.MonkeyPatch, database: Path, *arguments: str) -> Result:
    monkeypatch.setenv("DATAELEC_DATABASE", str(database))
    return CliRunner().invoke(main, ["summary", *arguments])


def test_the_readme_shows_the_table(monkeypatch: pytest.MonkeyPatch, sample_warehouse: Path) -> None:
    printed = summary(monkeypatch, sample_warehouse)
    assert printed.exit_code == 0, printed.output
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    shown = readme.split("It ends with this table")[1].split("```")[1].strip("\n").splitlines()
    lines = [line.rstrip() for line in printed.output.splitlines()]
    assert [line for line in shown if line != "..." and line not in lines] == []
    assert "make shell  " in printed.output


def test_commands_after_a_real_build_lead_to_it(monkeypatch: pytest.MonkeyPatch, small_warehouse: Path) -> None:
    printed = summary(monkeypatch, small_warehouse, "--target", "live").output
    assert "make shell DATA=live" in printed
    assert "make report DATA=live" in printed


def test_without_a_slope_it_says_what_would_bring_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    database = make_warehouse(tmp_path / "half.duckdb", is_simulated=False)
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "update analysis.weather_sensitivity set heating_slope_mw_per_c = null, window_start_on = null,"
            " heating_slope_mw_per_c_ci95_low = null, heating_fit_status = 'insufficient_data'"
        )
        connection.execute(
            "update analysis.data_provenance set is_held = false, dataset_code = 'temperature-quotidienne-regionale'"
            " where dataset_code = '94'"
        )
    printed = summary(monkeypatch, database, "--target", "live").output
    assert "dataelec load temperature-quotidienne-regionale" in printed
    assert "consommation-quotidienne-brute-regionale" not in printed
    assert "Sources" not in printed


def test_what_cannot_be_shown_ends_with_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "noise.duckdb").write_bytes(b"noise" * 999)
    duckdb.connect(str(tmp_path / "empty.duckdb")).close()
    for name, said in (
        ("noise", "no DuckDB database"),
        ("empty", "lacks analysis.weather_sensitivity"),
        ("none", "no d"),
    ):
        printed = summary(monkeypatch, tmp_path / f"{name}.duckdb")
        assert printed.exit_code == 1
        assert said in printed.output
