"""Figures written in README and docs/ are those of docs/results, and these are the ones that the warehouses give."""

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner

from research import written_figures as wf


def flat(value: Any, name: str = "") -> dict[str, Any]:
    """Results by dotted name."""
    if isinstance(value, dict):
        items: Any = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    else:
        return {name: value}
    return {key: each for step, part in items for key, each in flat(part, f"{name}.{step}".lstrip(".")).items()}


def assert_same(kept: dict[str, Any], found: dict[str, Any]) -> None:
    """All figures to the digits that are kept, all words and claims alike."""
    kept, found = flat(kept), flat(wf.kept(found))
    assert kept.keys() == found.keys()
    for name, value in found.items():
        expected = pytest.approx(value, rel=1e-7, abs=1e-9) if isinstance(value, float) else value
        assert kept[name] == expected, f"{name}: `python -m research.written_figures --real …` computes it anew"


def results(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((wf.RESULTS / f"{name}.json").read_text(encoding="utf-8"))
    return found


def test_results_are_those_of_the_real_files(real: duckdb.DuckDBPyConnection) -> None:
    assert_same(results("real"), wf.real_results(real))


def test_results_are_those_of_the_simulated_lake(sample: duckdb.DuckDBPyConnection) -> None:
    assert_same(results("simulated"), wf.simulated_results(sample))


def test_every_page_states_its_results() -> None:
    checked = CliRunner().invoke(wf.main, ["--check"])
    assert checked.exit_code == 0, checked.output


def test_every_result_is_stated_somewhere() -> None:
    """A marker that is lost would leave a figure that nothing checks."""
    names = set().union(*(wf.names_in(page.read_text(encoding="utf-8")) for page, _ in wf.pages()))
    silent = [name for name in flat(wf.load_results()) if not any(f"{name}.".startswith(f"{each}.") for each in names)]
    assert silent == []


@pytest.mark.parametrize(
    ("marked", "language", "written"),
    [
        ("<!--=sum .1-->?<!--/-->", "en", "1,234.6"),
        ("<!--=sum .1-->?<!--/-->", "fr", "1\u202f234,6"),
        ("<!--=change +.2-->9<!--/-->", "en", "\u22120.35"),
        ("<!--=ends.0 ^.1-->9<!--/-->", "en", "1.3"),
        ("<!--=ends .1-->9 .. 9<!--/-->", "en", "1.2 .. 2.0"),
        ("<!--=ends .1-->9<!--/-->", "fr", "1,2 à 2,0"),
        ("<!--=count word-->nine<!--/-->", "fr", "quatre"),
        ("<!--=count month-->May<!--/-->", "en", "April"),
    ],
)
def test_figures_are_written_as_the_page_asks(marked: str, language: str, written: str) -> None:
    found = {"sum": 1234.56, "change": -0.349, "ends": [1.21, 2.04], "count": 4}
    rendered = wf.render(f"So {marked}, it says.", found, language)
    assert rendered == f"So {marked.split('-->')[0]}-->{written}<!--/-->, it says."
    assert wf.render(rendered, found, language) == rendered


def test_rows_keep_their_label_and_their_stars() -> None:
    row = "| any words, 100 % <!--=row .1--> | **0** | 0 | old |"
    found = {"row": {"a": 1.26, "b": [2, 3.3], "c": "qualified"}}
    assert wf.render(row, found, "en") == "| any words, 100 % <!--=row .1--> | **1.3** | 2.0 .. 3.3 | qualified |"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("It is <!--=summ-->1<!--/-->.", "has no summ"),
        ("It falls<!--?falls-->.", "no longer true"),
        ("| label <!--=row--> | 1 | 2 |", "has 1 values, its row 2 cells"),
        ("So it is\n<!--=row.a-->1<!--/--> today.", "begins a line"),
    ],
)
def test_what_cannot_be_written_names_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, complaint: str
) -> None:
    (tmp_path / "docs" / "results").mkdir(parents=True)
    (tmp_path / "docs" / "results" / "real.json").write_text('{"falls": false, "row": {"a": 1}}')
    (tmp_path / "README.md").write_text(text)
    monkeypatch.setattr(wf, "PROJECT", tmp_path)
    monkeypatch.setattr(wf, "RESULTS", tmp_path / "docs" / "results")
    refused = CliRunner().invoke(wf.main, ["--check"])
    assert refused.exit_code == 1
    assert "README.md" in refused.output
    assert complaint in refused.output


def test_a_figure_changed_by_hand_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "README.md").write_text("France: <!--=slopes_sum.common .0-->2,500<!--/-->.")
    monkeypatch.setattr(wf, "PROJECT", tmp_path)
    refused = CliRunner().invoke(wf.main, ["--check"])
    assert refused.exit_code == 1
    assert "README.md: figures differ" in refused.output
    assert CliRunner().invoke(wf.main, []).exit_code == 0
    assert (tmp_path / "README.md").read_text() == "France: <!--=slopes_sum.common .0-->2,423<!--/-->."
