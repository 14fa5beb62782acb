"""What dbt repeats of the catalog is written by one command, which says what differs."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from command.main import main
from loaders.catalog import CATALOG
from maintenance.catalog import SEED, SOURCES
from research.project import PROJECT

TEMPERATURE = "temperature-quotidienne-regionale"
ODRE = SOURCES / "odre" / "_odre__sources.yml"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the files that the command writes."""
    shutil.copytree(PROJECT / SOURCES, tmp_path / SOURCES)
    (tmp_path / SEED).parent.mkdir(parents=True)
    shutil.copy(PROJECT / SEED, tmp_path / SEED)
    monkeypatch.setenv("DATAELEC_HOME", str(tmp_path))
    return tmp_path


def catalog(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["catalog", *arguments])


def test_the_project_says_what_the_catalog_says(home: Path) -> None:
    checked = catalog("--check")
    assert checked.exit_code == 0, checked.output


def test_a_changed_entry_is_found_and_written_where_dbt_reads_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = CATALOG[TEMPERATURE]
    before = {path: (home / path).read_text(encoding="utf-8") for path in (SEED, ODRE)}
    monkeypatch.setitem(
        CATALOG, TEMPERATURE, replace(entry, title="Températures", rhythm_days=7, is_proved=not entry.is_proved)
    )
    checked = catalog("--check")
    assert checked.exit_code == 1
    assert str(SEED) in checked.output
    assert str(ODRE) in checked.output
    assert catalog().exit_code == 0
    after = {path: (home / path).read_text(encoding="utf-8") for path in (SEED, ODRE)}
    assert f"{TEMPERATURE},Températures,simulated_only\n" in after[SEED]
    table = after[ODRE].split(f"identifier: {TEMPERATURE}\n")[1].split("- name:")[0]
    assert "freshness: {warn_after: {count: 7, period: day}}" in table
    assert catalog("--check").exit_code == 0
    monkeypatch.setitem(CATALOG, TEMPERATURE, replace(entry, is_frozen=True))
    catalog()
    table = (home / ODRE).read_text(encoding="utf-8").split(f"identifier: {TEMPERATURE}\n")[1].split("- name:")[0]
    assert "freshness" not in table
    assert "loaded_at_field" not in table
    monkeypatch.setitem(CATALOG, TEMPERATURE, entry)
    catalog()
    assert {path: (home / path).read_text(encoding="utf-8") for path in (SEED, ODRE)} == before


def test_a_dataset_without_a_table_is_missed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CATALOG, "neu", replace(CATALOG[TEMPERATURE], dataset_id="neu"))
    missed = catalog("--check")
    assert missed.exit_code == 1
    assert "`identifier: neu`" in missed.output
    monkeypatch.delitem(CATALOG, "neu")
    monkeypatch.delitem(CATALOG, TEMPERATURE)
    assert f"identifier: {TEMPERATURE}" in catalog("--check").output
