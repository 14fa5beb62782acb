"""What the page is built from, without a browser."""

import itertools
import json
import re
import tomllib
from base64 import b64decode
from datetime import date
from pathlib import Path
from typing import Any
from zlib import decompress

import duckdb
import pytest
import yaml
from click.testing import CliRunner

from command.main import main
from dataelec.warehouse import Warehouse, WarehouseError
from report import numbers, sensitivity, texts, tiles
from report.figures import Text
from report.labels import Labels
from report.page import build_page, embedded_json
from report.views import VIEWS, answer, drivers, enedis, gather, insulation
from report.views.regions import fitted_line
from research.project import PROJECT
from tests.report.conftest import MADE_AT, SCRIPT, make_warehouse, page_of


@pytest.mark.parametrize(
    ("value", "digits", "french", "english"),
    [
        (1234567.891, 1, "1\u202f234\u202f567,9", "1,234,567.9"),
        (-0.04, 1, "0,0", "0.0"),
        (-12.5, 2, "\u221212,50", "\u221212.50"),
        (None, 1, "\u2013", "\u2013"),
    ],
)
def test_numbers_follow_the_language(value: float | None, digits: int, french: str, english: str) -> None:
    assert numbers.number(value, "fr", digits) == french
    assert numbers.number(value, "en", digits) == english


@pytest.mark.parametrize(
    ("value", "low", "high", "shown"),
    [
        (2422.7, 2328.5, 2516.9, (2400, 0)),
        (382.8, 366.8, 398.7, (380, 0)),
        (2346.0, 2345.0, 2347.0, (2350, 0)),  # three digits at most
        (382.8, 10.0, 900.0, (380, 0)),  # two at least
        (7.94, 7.81, 8.09, (7.9, 1)),
        (0.0, 0.0, 0.0, (0.0, 0)),
    ],
)
def test_a_headline_has_the_digits_that_its_interval_supports(
    value: float, low: float, high: float, shown: tuple[float, int]
) -> None:
    assert numbers.supported(value, low, high) == shown


def test_first_day_of_a_month_and_french_spaces() -> None:
    assert numbers.day(date(2016, 1, 1), "fr") == "1er janvier 2016"
    assert numbers.day(date(2016, 1, 11), "fr") == "11 janvier 2016"
    assert numbers.unbroken("95 % : « oui »", "fr") == "95\u00a0%\u00a0: «\u00a0oui\u00a0»"


def test_tiles_do_not_overlap_and_corse_has_one() -> None:
    assert len(set(tiles.PLACES.values())) == len(tiles.PLACES) == 13
    assert "94" in tiles.PLACES


def test_names_break_in_lines_that_fit() -> None:
    assert tiles.lines("Bourgogne-Franche-Comté") == ["Bourgogne-", "Franche-", "Comté"]
    assert tiles.lines("Corse") == ["Corse"]
    assert all(len(line) <= tiles.LONGEST_LINE for line in tiles.lines("interminable" * 20))


def test_the_page_says_no_more_than_it_knows(page: Path) -> None:
    text = page.read_text("utf-8")
    assert "Saison et durée du jour mises à part" in text
    assert "orne basse" not in text
    assert "en moyenne sur les années étudiées" in text
    # Each territory its own normal.
    assert all(f"à température normale (la moyenne d{end})" in text for end in ("es années étudiées", "e 1991 à 2020"))
    assert "dans 93 à 97" in text
    # Corse has no interval, so it has no ends either.
    assert f'ci95_low" data-digits="1">{numbers.DASH}' not in text


def test_embedded_json_cannot_end_its_element() -> None:
    text = embedded_json({"name": SCRIPT})
    assert "<" not in text
    assert json.loads(text) == {"name": SCRIPT}


def test_the_line_passes_through_the_means(small_warehouse: Path) -> None:
    with Warehouse(small_warehouse) as warehouse:
        row = next(row for row in sensitivity.territories(warehouse) if row["territory_code"] == "84")
        line = fitted_line(warehouse, row)
        # At a temperature t between the balance points, the line is the mean load less the slopes times mean degrees.
        (expected,) = warehouse.rows(
            """
            select avg(load_mean_mw) - ? * avg(greatest(15 - temperature_smoothed_c, 0))
                - ? * avg(greatest(temperature_smoothed_c - 22, 0)) as mw
            from core.fct_daily_load inner join core.fct_daily_temperature using (region_code, date_day)
            where region_code = '84'
            """,
            [row["heating_slope_mw_per_c"], row["cooling_slope_mw_per_c"]],
        )
    by_temperature = {point["temperature_smoothed_c"]: point["load_fitted_mw"] for point in line}
    assert by_temperature[18.0] == pytest.approx(expected["mw"])
    assert by_temperature[10.0] - by_temperature[18.0] == pytest.approx(5 * row["heating_slope_mw_per_c"])
    assert all(point["load_fitted_mw_ci95_low"] <= point["load_fitted_mw"] for point in line)


def test_no_line_is_drawn_where_no_slope_may_be_quoted(small_warehouse: Path) -> None:
    with Warehouse(small_warehouse) as warehouse:
        warmest = {
            row["territory_code"]: max(float(point["temperature_smoothed_c"]) for point in fitted_line(warehouse, row))
            for row in sensitivity.territories(warehouse)
            if row["territory_code"] in ("53", "84")
        }
        straight = warehouse.rows(
            f"select territory_code, straight_line_mw_per_c as mw from {drivers.CURVE_SOURCE}"
            " where lowest_temperature_c >= 22 and territory_code in ('53', '84')"
        )
    assert warmest["53"] == 22
    assert warmest["84"] > 22
    assert {row["territory_code"] for row in straight if row["mw"] is None} == {"53"}


@pytest.mark.parametrize(
    ("intervals", "found"),
    [
        ([(-9, -7), (-6, -4), (1, 3)], (-8, True)),
        ([(-9, -7), (-8, -4)], (-8, False)),
        ([(-9, -7), (6, 7.5)], (-8, False)),  # as far the other way
        ([(-9, -7), (None, None)], (-8, False)),  # an unknown one may be larger
        ([(-9, 1), (-3, -2)], None),
    ],
)
def test_the_largest_effect_ranks_only_where_its_interval_does(
    intervals: list[tuple[float | None, float | None]], found: tuple[float, bool] | None
) -> None:
    rows = [
        {"mw": None if low is None or high is None else (low + high) / 2, "mw_ci95_low": low, "mw_ci95_high": high}
        for low, high in intervals
    ]
    largest = drivers.largest(rows, "mw")
    assert (largest and (largest[0]["mw"], largest[1])) == found


def test_who_comes_first_says_so_only_where_no_other_may() -> None:
    places = [
        {"territory_label_fr": name, "priority_rank": rank, "areas_ranked_count": 9}
        | {"priority_rank_ci90_low": low, "priority_rank_ci90_high": high}
        for name, rank, low, high in (("Eure", 1, 1, 2), ("Ain", 3, 3, 4), ("Lot", 2, 2, 3))
    ]
    assert "d'autres peuvent passer devant" in insulation.first_of(places).fr
    assert insulation.first_of(places[:2]).en == "Eure comes first: its rank lies between 1 and 2 of 9"


def test_every_slope_that_can_be_downloaded_carries_status_and_reasons(page: Path) -> None:
    payload = json.loads(page.read_text("utf-8").split('id="payload">')[1].split("</script>")[0])
    held = 0
    for name, dataset in payload["datasets"].items():
        shown = {column["name"] for column in dataset["shown"]}
        if any("_slope_mw" in column or column in ("measure_value", "extra_load_mw") for column in shown):
            held += 1
            assert any(column.endswith(("fit_status", "estimate_code", "_source_code")) for column in shown), name
            assert any(column.endswith("reason_codes") for column in shown), name
    assert held > 30


def test_a_view_without_its_column_is_missing_by_name(tmp_path: Path) -> None:
    database = make_warehouse(tmp_path / "small.duckdb")
    with duckdb.connect(str(database)) as connection:
        connection.execute("alter table analysis.data_quality drop column energy_published_mwh")
    with Warehouse(database) as warehouse:
        shown, missing = gather(VIEWS, warehouse)
    assert [(each.what.name, each.lacks) for each in missing] == [
        ("quality", ["analysis.data_quality.energy_published_mwh"])
    ]
    assert "answer" in {view.name for view, _ in shown}


@pytest.mark.slow
def test_a_measure_appears_with_its_values(tmp_path: Path) -> None:
    database = make_warehouse(tmp_path / "small.duckdb")
    by_inhabitant, by_dwelling = "heating_slope_w_per_c_per_inhabitant", "heating_slope_w_per_c_per_electric_dwelling"
    with duckdb.connect(str(database)) as connection:
        for name, value in ((by_inhabitant, "31.5"), (by_dwelling, "null")):
            connection.execute(f"alter table analysis.weather_sensitivity add column {name} double default {value}")
        unknown_in_84 = f"{by_inhabitant} = null where territory_code = '84'"
        connection.execute(f"update analysis.weather_sensitivity set {unknown_in_84}")
    text = page_of(database, tmp_path).read_text("utf-8")
    assert 'data-name="map-heating_per_inhabitant"' in text
    assert "heating_per_electric_dwelling" not in text
    with Warehouse(database) as warehouse:
        rows = {
            (row["measure_code"], row["territory_code"]): (row["fit_status"], row["_is_load_published"])
            for row in sensitivity.measured(warehouse, sensitivity.available_measures(warehouse))
        }
    # The slope of 84 is sound, its measure per inhabitant unknown; what Corse lacks is not published at all.
    assert rows["heating", "84"] == ("qualified", True)
    assert rows["heating_per_inhabitant", "84"] == ("insufficient_data", True)
    assert rows["heating", "94"] == ("insufficient_data", False)


def test_without_any_slope_the_page_says_why_and_draws_none(tmp_path: Path) -> None:
    database = make_warehouse(tmp_path / "small.duckdb", is_simulated=False)
    with duckdb.connect(str(database)) as connection:
        unknown = ", ".join(
            f"{column} = null"
            for (column,) in connection.execute(
                "select column_name from duckdb_columns() where table_name = 'weather_sensitivity'"
                " and regexp_matches(column_name, '_slope_|_balance_|^load_mean|^window_.*_on$')"
            ).fetchall()
        )
        connection.execute(
            f"update analysis.weather_sensitivity set {unknown}, heating_fit_status = 'insufficient_data',"
            " cooling_fit_status = 'insufficient_data', fit_reason_codes = 'load_or_temperature_not_held'"
        )
        connection.execute("update analysis.consumption_by_period set temperature_mean_c = null")
        connection.execute(
            "update analysis.data_provenance set dataset_code = 'temperature-quotidienne-regionale'"
            " where dataset_code = '94'"
        )
    text = page_of(database, tmp_path).read_text("utf-8")
    assert "Pourquoi\u00a0: aucun jour de cette période" in text
    assert "Il manque\u00a0: Corse (<code>temperature-quotidienne-regionale</code>)." in text
    assert "Température moyenne de l\u2019année" not in text
    assert "Selon la méthode" not in text
    assert 'name="measure"' not in text
    for drawn in ("map-heating", "rank-heating", "map-cooling"):
        assert drawn not in text
    foot = text.split('class="vintage">')[1].split("</p>")[0]
    assert "Sources" in foot
    assert numbers.DASH not in foot
    assert "Weathernews" not in foot
    printed = CliRunner().invoke(main, ["pictures", "--database", str(database), "--output", str(tmp_path), "preview"])
    assert printed.exit_code == 0
    assert "no preview" in printed.output


@pytest.mark.slow
def test_slopes_of_enedis_come_with_what_they_rest_on(small_warehouse: Path, tmp_path: Path) -> None:
    figure, warning = 'data-name="categories-84"', "Enedis calcule une partie de ces totaux"
    (tmp_path / "modelled").mkdir()
    text = page_of(small_warehouse, tmp_path / "modelled").read_text("utf-8")
    assert figure in text
    assert warning in text
    database = make_warehouse(tmp_path / "measured.duckdb")
    with duckdb.connect(str(database)) as connection:
        connection.execute("update analysis.weather_sensitivity set is_load_partly_modelled = false")
    text = page_of(database, tmp_path).read_text("utf-8")
    assert figure in text
    assert warning not in text


@pytest.mark.slow
def test_without_rows_of_enedis_nothing_is_shown_of_it(tmp_path: Path) -> None:
    database = make_warehouse(tmp_path / "small.duckdb")
    with duckdb.connect(str(database)) as connection:
        connection.execute("delete from analysis.weather_sensitivity where client_type_code <> 'all'")
        connection.execute("delete from analysis.consumption_by_client_type where period_kind_code = 'month'")
    text = page_of(database, tmp_path).read_text("utf-8")
    assert 'data-name="clients-84"' in text
    assert 'data-name="categor' not in text


def test_names_of_client_types_stand_apart(small_warehouse: Path) -> None:
    with Warehouse(small_warehouse) as warehouse:
        drawing = enedis.MONTHS_PANEL.draw(warehouse, "84")
    rows = drawing.datasets[0].rows
    names = sorted((row["_name_mwh"], row["energy_mwh"]) for row in rows if row["_name_mwh"] is not None)
    assert len(names) == 3
    gap = enedis.NAME_GAP * max(row["energy_mwh"] for row in rows if row["energy_mwh"] is not None)
    assert names[1][1] - names[0][1] < gap  # left alone they would lie on one another
    assert all(upper[0] - lower[0] >= gap * 0.999 for lower, upper in itertools.pairwise(names))
    # May 2021 is missing: the line stops before it and starts again after it.
    assert len({row["_segment"] for row in rows if row["energy_mwh"] is not None}) == 2


def test_a_ranking_says_no_more_than_its_intervals() -> None:
    def regions(*intervals: tuple[str, float, float | None, float | None]) -> list[dict[str, Any]]:
        ends = ("territory_label_fr", "measure_value", "measure_value_ci95_low", "measure_value_ci95_high")
        return [dict(zip(ends, each, strict=True)) for each in intervals]

    heating = sensitivity.MEASURES[0]
    rows = regions(("A", 9, 8, 10), ("B", 7, 6.9, 7.1), ("C", 6, 3, 7.5), ("D", 1, 0.5, 1.5))
    assert answer.leader(heating, rows).en == "A ranks first: 9 MW/°C"
    assert [sensitivity.rank_span(row, rows, "measure_value") for row in rows] == [(1, 1), (2, 3), (2, 3), (4, 4)]
    # The second is below the first, the third need not be.
    rows = regions(("A", 9, 8, 10), ("B", 7, 6.9, 7.1), ("C", 6, 3, 8.5))
    assert answer.leader(heating, rows).en == "A (9 MW/°C) or C (6) ranks first: which of them is uncertain"
    rows = regions(("A", 9, None, None), ("B", 7, 6.9, 7.1), ("C", 6, 3, 8.5))
    assert answer.leader(heating, rows).en.startswith("A (9 MW/°C) or one of 2 other regions ranks first")


def test_banner_only_where_data_are_simulated(page: Path, tmp_path: Path) -> None:
    real = make_warehouse(tmp_path / "real.duckdb", is_simulated=False)
    assert 'class="simulated"' in page.read_text("utf-8")
    text = page_of(real, tmp_path).read_text("utf-8")
    assert 'class="simulated"' not in text
    assert "Licence Ouverte" in text


def test_the_citation_is_that_of_the_project(page: Path) -> None:
    told = yaml.safe_load((PROJECT / "CITATION.cff").read_text("utf-8"))
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    assert told["cff-version"] == "1.2.0"
    assert (told["version"], told["license"]) == (project["version"], project["license"])
    (author,) = told["authors"]
    assert author["name"] in (PROJECT / "LICENSE").read_text("utf-8")
    assert f"{author['name']}, {told['title']} " in page.read_text("utf-8")
    # Nobody said where the code is, so nothing links there.
    assert re.findall(r'<a [^>]*href="http[^"]*', page.read_text("utf-8")) == []


# A password would be published with the page.
@pytest.mark.parametrize(
    "address", ["code.example/name", "javascript:alert(1)", "https://user:pass@host/x", 'https://h/">']
)
def test_an_address_of_the_code_that_is_no_plain_one_is_refused(
    small_warehouse: Path, tmp_path: Path, address: str
) -> None:
    given = ["page", "--database", str(small_warehouse), "--output", str(tmp_path / "index.html")]
    result = CliRunner().invoke(main, given, env={"DATAELEC_REPOSITORY": address})
    assert result.exit_code == 1
    assert "DATAELEC_REPOSITORY is no plain http(s) address" in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_the_page_is_the_same_for_the_same_warehouse(small_warehouse: Path) -> None:
    with Warehouse(small_warehouse) as warehouse:
        assert build_page(warehouse, MADE_AT) == build_page(warehouse, MADE_AT)


def test_command_without_a_warehouse_says_what_to_do(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["page", "--database", str(tmp_path / "none.duckdb")])
    assert result.exit_code == 1
    assert "dataelec build" in result.output


@pytest.mark.parametrize(("name", "content"), [("noise.duckdb", b"noise" * 999), ("table.csv", b"a,b\n1,2\n")])
def test_a_file_that_is_no_database_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(WarehouseError, match=f"{name} .* is no DuckDB database"):
        Warehouse(file)
    with pytest.raises(WarehouseError, match=f"{name} .* is no DuckDB database"):
        Warehouse(file, is_copy=True)


def test_without_any_result_the_last_page_stays(tmp_path: Path) -> None:
    empty, page = tmp_path / "empty.duckdb", tmp_path / "index.html"
    duckdb.connect(str(empty)).close()
    page.write_text("the last page")
    result = CliRunner().invoke(main, ["page", "--database", str(empty), "--output", str(page)])
    assert result.exit_code == 1
    assert "holds no results" in result.output
    assert page.read_text() == "the last page"


NOT_LABELLED = ("territory_level_code", "territory_code", "departement_code", "epci_code", "period_of_year_code")


def unlabelled(page: str) -> list[str]:
    """Codes in the tables of a page that lack a label in either language, as `column code`."""
    payload = json.loads(page.split('id="payload">')[1].split("</script>")[0])
    lacking = set()
    for dataset in payload["datasets"].values():
        values = dataset["values"] if "values" in dataset else json.loads(decompress(b64decode(dataset["packed"])))
        for name in {column["name"] for column in dataset["shown"]}:
            # Names of territories have a column of their own; a month of the year is its number.
            if re.search(r"_(code|codes|status)$", name) and name not in NOT_LABELLED:
                labels = payload["labels"].get(name, {})
                lacking |= {
                    f"{name} {code}"
                    for code in values[name]
                    if code and any(labels.get(code, {}).get(each, code) in (code, "") for each in ("fr", "en"))
                }
    return sorted(lacking)


@pytest.fixture(scope="module")
def sample_page(sample_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the simulated lake."""
    return page_of(sample_warehouse, tmp_path_factory.mktemp("sample_page"))


def test_no_code_on_the_page_lacks_a_label(sample_page: Path) -> None:
    """On a warehouse built from the simulated lake, and in words that the page writes itself."""
    text = sample_page.read_text("utf-8")
    assert unlabelled(text) == []
    for code in ("enedis_professional", "not_identified", "season_adjusted", "annual_energy_against_published"):
        # Codes stand in attributes and in the payload, never between tags.
        assert f">{code}<" not in text


@pytest.mark.slow
def test_a_code_without_a_label_is_shown_as_it_is(tmp_path: Path) -> None:
    database = make_warehouse(tmp_path / "small.duckdb")
    with duckdb.connect(str(database)) as connection:
        connection.execute("delete from core.dim_labels where code in ('residential', 'spike')")
    text = page_of(database, tmp_path).read_text("utf-8")
    assert ">residential</option>" in text
    assert unlabelled(text) == ["client_type_code residential"]
    with duckdb.connect(str(database)) as connection:
        connection.execute("drop table core.dim_labels")
    assert ">residential</option>" in page_of(database, tmp_path).read_text("utf-8")


def test_labels_belong_to_the_code_that_a_column_ends_in() -> None:
    labels = Labels({"fit_status": {"a": Text("un", "one")}, "fit_reason_code": {"b": Text("deux", "two")}})
    assert labels.of("heating_fit_status", "a") == Text("un", "one")
    assert labels.joined("fit_reason_codes", "b,c") == Text("deux ; c", "two; c")
    assert labels.listed("fit_reason_codes", None) == []
    assert not labels.has("unfit_status")


def test_every_status_has_its_meaning(sample: duckdb.DuckDBPyConnection) -> None:
    statuses = sample.execute("select code from core.dim_labels where code_name = 'fit_status'").fetchall()
    assert {code for (code,) in statuses} == set(texts.STATUS_MEANINGS)


def test_pictures_are_small_and_named(small_warehouse: Path, tmp_path: Path) -> None:
    arguments = ["--database", str(small_warehouse), "--output", str(tmp_path), "map-heating", "preview"]
    result = CliRunner().invoke(main, ["pictures", *arguments])
    assert result.exit_code == 0, result.output
    for name in ("map-heating", "preview"):
        content = (tmp_path / f"{name}-simulated.png").read_bytes()
        assert content.startswith(b"\x89PNG")
        assert len(content) < 300_000
    # What sites that show a shared address crop to.
    assert [int.from_bytes(content[place : place + 4], "big") for place in (16, 20)] == [1200, 630]


def test_a_figure_that_a_filter_narrows_is_no_picture(small_warehouse: Path, tmp_path: Path) -> None:
    arguments = ["--database", str(small_warehouse), "--output", str(tmp_path), "clients"]
    said = CliRunner().invoke(main, ["pictures", *arguments]).output
    assert "no figure clients" in said
    assert " map-heating" in said
    assert "-CODE" in said


def test_each_departement_has_a_tile_about_where_it_lies() -> None:
    assert len(tiles.DEPARTEMENTS) == len(set(tiles.DEPARTEMENTS.values())) == 96
    assert tiles.DEPARTEMENTS["62"][1] < tiles.DEPARTEMENTS["75"][1] < tiles.DEPARTEMENTS["66"][1]
    assert tiles.DEPARTEMENTS["29"][0] < tiles.DEPARTEMENTS["75"][0] < tiles.DEPARTEMENTS["67"][0]


def test_every_view_is_shown_on_the_simulated_warehouse(sample_warehouse: Path, sample_page: Path) -> None:
    assert sample_page.stat().st_size < 5_000_000
    with Warehouse(sample_warehouse) as warehouse:
        _, missing = gather(VIEWS, warehouse)
    # A view may wait for a mart that the project does not have yet; what the project has must be shown.
    marts = {path.stem for path in (Path(__file__).parents[2] / "models/marts").glob("*.sql")}
    lacking = [(each.what.name, each.lacks or "rows") for each in missing]
    assert [each for each in lacking if each[1] == "rows" or {name.split(".")[1] for name in each[1]} & marts] == []
