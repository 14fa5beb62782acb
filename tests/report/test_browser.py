"""The page in a real browser, from disk, with the network off."""

import base64
import csv
import html
import io
import json
import random
import re
import shutil
import subprocess
import zlib
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.report.conftest import FORMULA, LONG, NAMES, QUOTES, RIGHT_TO_LEFT, SCRIPT, Browser, make_warehouse, page_of

# A real browser over every view takes minutes.
pytestmark = pytest.mark.slow

# In the small warehouse every peak is that of 3 February 2021 at 19:30.
COLD_YEARS = (
    "select period_year, 19 as hour_of_day, load_peak_mw, heating as heating_at_peak_mw,"
    " heating * 0.91 as heating_at_peak_mw_ci95_low, heating * 1.09 as heating_at_peak_mw_ci95_high,"
    " heating / load_peak_mw as heating_share_of_peak,"
    " 0.71 * heating / load_peak_mw as heating_share_of_peak_season_adjusted, coldest_day_extra_load_mw"
    " from analysis.consumption_by_period, (select sum(heating_slope_mw_per_c * greatest(15 - temperature_smoothed_c,"
    " 0)) as heating from core.fct_daily_temperature inner join analysis.weather_sensitivity_hourly on territory_code"
    " = region_code where date_day = '2021-02-03' and hour_of_day = 19 and $1 in ('FR', region_code)),"
    " (select calendar_year, max(extra) as coldest_day_extra_load_mw from (select year(date_day) as calendar_year,"
    " sum(heating_slope_mw_per_c * greatest(15 - temperature_smoothed_c, 0)) as extra from core.fct_daily_temperature"
    " inner join analysis.weather_sensitivity on territory_code = region_code where window_code = 'all'"
    " and specification_code = 'common' and client_type_code = 'all' and $1 in ('FR', region_code)"
    " group by date_day) group by all)"
    " where period_kind_code = 'month' and period_of_year_code = '01' and territory_code = $1"
    " and calendar_year = period_year"
)
SOURCE_OF_KEY = (
    "case split_part($2, '|', 2) when 'nuclear' then nuclear_production_mw when 'thermal' then thermal_production_mw"
    " when 'wind' then wind_production_mw when 'solar' then solar_production_mw when 'hydro' then hydro_production_mw"
    " else bioenergy_production_mw end"
)
SOURCES = {
    "heading": "analysis.weather_sensitivity where client_type_code = 'all' and window_code = 'all'"
    " and territory_code = $1 and specification_code = $2",
    "thresholds": "(select cast(bin_code as double) as heating_balance_point_c, sum(heating_slope_mw_per_c)"
    " as heating_slope_mw_per_c from analysis.sensitivity_diagnostics where diagnostic_code = 'slope_by_balance_point'"
    " group by all) where heating_balance_point_c = $2",
    "regions": "analysis.weather_sensitivity where client_type_code = 'all' and window_code = 'all'"
    " and specification_code = 'common' and territory_code = $2",
    "seasons": "analysis.weather_sensitivity where client_type_code = 'all' and specification_code = 'common'"
    " and territory_code = $1 and window_code = $2",
    "categories": "analysis.weather_sensitivity where window_code = 'all' and specification_code = 'common'"
    " and $2 in (territory_code || '|' || client_type_code, if(territory_code = $1, client_type_code, null))",
    "category_months": "(select *, period_year || '|' || period_of_year_code || '|' || client_type_code as key"
    " from analysis.consumption_by_client_type where period_kind_code = 'month')"
    " where $2 in (territory_code || '|' || key, if(territory_code = $1, key, null))",
    "hours": "analysis.weather_sensitivity_hourly where territory_code = $1 and hour_of_day = $2::integer",
    "change": "analysis.sensitivity_change where client_type_code = 'all' and specification_code = 'common'"
    " and territory_code = $2",
    "insulation": "analysis.insulation_priority where territory_level_code = 'departement' and territory_code = $2",
    "drivers": "analysis.consumption_drivers where territory_code || '|' || driver_code = $2",
    "response": "(select curve.*, case when highest_temperature_c <= 15 then -heating_slope_mw_per_c"
    " when lowest_temperature_c < 22 then 0 when cooling_fit_status <> 'not_identified' then cooling_slope_mw_per_c"
    " end as straight_line_mw_per_c"
    " from analysis.response_curve as curve inner join analysis.weather_sensitivity"
    " using (territory_code, client_type_code, window_code) where specification_code = 'common')"
    " where territory_code || '|' || temperature_band_code = $2",
    "effects": "analysis.calendar_effects where territory_code || '|' || calendar_kind_code = $2",
    "cold_snap": "analysis.cold_snap_scenario where cold_snap_code || '|' || territory_code = $2",
    "overseas": "analysis.overseas_sensitivity where territory_code = $2",
    "days_ahead": "analysis.load_forecast where territory_code || '|' || date_day = $2",
    "half_hours_ahead": "analysis.half_hourly_load_forecast where $2 = territory_code || '|'"
    " || strftime(period_start_at_utc at time zone 'UTC', '%Y-%m-%dT%H:%M:%S+00:00')",
    "forecast_errors": "analysis.forecast_score where period_code = '2022'"
    " and territory_code || '|' || forecast_code = $2",
    "energy": "analysis.data_quality where quality_reason_code = 'annual_energy_against_published'"
    " and territory_code || '|' || calendar_year = $2",
    "years": "analysis.consumption_by_period where period_kind_code = 'year' and territory_code = $1"
    " and period_year = $2",
    "corrected": "analysis.weather_corrected_load where territory_code = $1 and period_year = $2",
    "january": f"({COLD_YEARS}) where period_year = $2",
    "coldest": f"({COLD_YEARS}) where period_year = $2",
    "mix_months": f"(select sum({SOURCE_OF_KEY}) / 2 as energy_mwh from core.fct_half_hourly_production"
    " where strftime(date_day, '%Y-%m-01') = split_part($2, '|', 1))",
    "mix_hours": f"(select cast(split_part($2, '|', 1) as integer) as hour_of_day, sum({SOURCE_OF_KEY})"
    " / count(distinct period_start_at_utc) as production_mean_mw from core.fct_half_hourly_production"
    " where year(date_day) = 2022"
    " and hour(timezone('Europe/Paris', period_start_at_utc)) = cast(split_part($2, '|', 1) as integer))",
    "carbon_months": "analysis.carbon_intensity where period_kind_code = 'month'"
    " and period_year || '-' || period_of_year_code || '-01|' || factor_set_code = $2",
    "carbon_hours": "(select *, period_of_year_code::integer as hour_of_day from analysis.carbon_intensity"
    " where period_kind_code = 'hour_of_day' and period_year = 2022)"
    " where hour_of_day || '|' || factor_set_code = $2",
    "year_ranking": "analysis.consumption_by_period where period_kind_code = 'year' and territory_code = $2"
    " and period_year = 2022",
    "months": "analysis.consumption_by_period where period_kind_code = 'month' and territory_code = $1"
    " and period_year || '|' || cast(period_of_year_code as integer) = $2",
    "profile": "(select if(calendar_month in (12, 1, 2), 'winter', 'summer')"
    " || if(iso_weekday > 5 or is_public_holiday, '_other_day', '_working_day') || '|' || hour_of_day as key,"
    " avg(load_mw) as load_mean_mw, count(*) as days_count, any_value(hour_of_day) as hour_of_day from"
    " (select date_day, hour(timezone('Europe/Paris', period_start_at_utc)) as hour_of_day, sum(load_mw) as load_mw"
    " from core.fct_half_hourly_load where $1 in ('FR', region_code) group by all) inner join core.dim_dates"
    " using (date_day) where calendar_month in (12, 1, 2, 6, 7, 8) group by key) where key = $2",
    "clients_by_departement": "analysis.consumption_by_client_type where period_kind_code = 'year'"
    " and territory_level_code = 'departement'"
    " and $2 = territory_code || '|' || period_year || '|' || client_type_code",
    "clients": "analysis.consumption_by_client_type where period_kind_code = 'year'"
    " and territory_level_code in ('country', 'region') and $2 in ("
    "territory_code || '|' || period_year || '|' || client_type_code,"
    " if(territory_code = $1, period_year || '|' || client_type_code, null))",
    "production": "(select sum(energy_mwh) as energy_mwh from (select avg(case $2"
    " when 'nuclear' then nuclear_production_mw when 'thermal' then thermal_production_mw"
    " when 'wind' then wind_production_mw when 'solar' then solar_production_mw"
    " when 'hydro' then hydro_production_mw when 'bioenergy' then bioenergy_production_mw"
    " when 'consumption' then load_published_mw end) * 8760 as energy_mwh"
    " from core.fct_half_hourly_production where year(date_day) = 2022 and $1 in ('FR', region_code)"
    " group by region_code))",
    "exchanges": "(select strftime(date_day, '%Y-%m-01') as month, sum(net_export_mwh) as net_export_mwh"
    " from core.fct_daily_exchange group by all) where month = $2",
    "borders": "(select border_code, sum(net_export_mwh) as net_export_mwh from core.fct_daily_exchange"
    " where year(date_day) = 2022 group by all) where border_code = $2",
    "days": "core.fct_daily_load inner join core.fct_daily_temperature using (region_code, date_day)"
    " where region_code = $1 and date_day = $2::date",
}
MEASURES = {
    "heating": "heating_slope_mw_per_c{}",
    "heating_share": "100 * heating_slope_mw_per_c{} / load_mean_mw",
    "cooling": "cooling_slope_mw_per_c{}",
}
SAMPLED = 30  # figures of each kind, in each language
# Ticks that are written alike, such as halves without their decimal; letters of months come twice.
NUMBERED_TWICE = """
    return [...document.querySelectorAll('.canvas .role-axis-label')].filter((each) => {
        const written = [...each.querySelectorAll('text')].map((text) => text.textContent);
        const ticks = written.filter((text) => /\\d/.test(text));
        return new Set(ticks).size < ticks.length;
    }).map((each) => [each.closest('.chart').dataset.name, each.textContent]);
"""
CUT = """
    return [...document.querySelectorAll('.canvas svg')]
        .filter((each) => each.getBoundingClientRect().width)
        .filter((each) => {
            const frame = each.getBoundingClientRect();
            return [...each.querySelectorAll('text')].some((text) => {
                const box = text.getBoundingClientRect();
                return box.width && (box.right > frame.right + 2 || box.left < frame.left - 2
                    || box.bottom > frame.bottom + 2);
            });
        })
        .map((each) => each.closest('.chart').dataset.name);
"""
BUILD = """
    for (const later of document.querySelectorAll('.edition:not([hidden]) noscript.later')) {
        later.outerHTML = later.textContent;
    }
"""
UNREAD = """
    return [...document.querySelectorAll('.edition:not([hidden]) details.figures')]
        .filter((each) => !each.querySelector('table')).length;
"""
COLLECT = (
    f"""
    const found = [];
    {BUILD}
"""
    + """
    for (const details of document.querySelectorAll('.edition:not([hidden]) details.figures')) details.open = true;
    for (const details of document.querySelectorAll('.edition:not([hidden]) details.figures')) {
        details.dispatchEvent(new Event('toggle'));
    }
    for (const row of document.querySelectorAll('.edition:not([hidden]) tr[data-key]')) {
        const name = row.closest('.chart').dataset.name;
        const cells = [...row.querySelectorAll('[data-digits]')];
        for (const cell of cells) {
            found.push([name, row.dataset.key, cell.dataset.column, Number(cell.dataset.digits), cell.textContent]);
        }
    }
    for (const cell of document.querySelectorAll('.edition:not([hidden]) [data-specification] [data-digits]')) {
        const row = cell.closest('[data-territory]').dataset;
        found.push([
            'heading-' + row.territory, row.specification, cell.dataset.column, Number(cell.dataset.digits),
            cell.textContent,
        ]);
    }
    return found;
"""
)


def read_number(text: str, language: str) -> float | None:
    """What a reader of the language understands."""
    if text == "\u2013":
        return None
    group, decimal = ("\u202f", ",") if language == "fr" else (",", ".")
    digits = text.replace("\u2212", "-").replace(group, "")
    assert decimal == "." or "." not in digits, text
    return float(digits.replace(decimal, "."))


def value_of(warehouse: duckdb.DuckDBPyConnection, name: str, key: str, column: str) -> float | None:
    """The same figure, by a query of this test's own."""
    kind, _, rest = name.partition("-")
    if kind == "communes":
        return place_value(warehouse, key, column)
    expression = column
    if kind == "clients_by_region":
        kind = "clients"
    if kind in ("map", "rank"):
        kind = "regions"
        expression = MEASURES[rest].format(column.removeprefix("measure_value"))
    measure, _, end = column.partition("_ci95_")
    if kind == "heading" and end and measure == "heating_slope_pct_of_mean_load_per_c":
        expression = f"{measure} * heating_slope_mw_per_c_ci95_{end} / heating_slope_mw_per_c"
    if column == "energy_per_inhabitant_kwh":
        expression = "1000 * energy_per_inhabitant_mwh"
    source = SOURCES[kind].replace("$1", f"'{rest}'").replace("$2", f"'{key}'")
    rows = warehouse.execute(f"select {expression} from {source}").fetchall()
    assert len(rows) == 1, (name, key, column, rows)
    return None if rows[0][0] is None else float(rows[0][0])


def test_every_view_opens_offline_without_a_console_error(browser: Browser, page: Path) -> None:
    browser.open(page)
    # Whatever screens there are, the first one costs no more than its own figures.
    assert browser.run("return document.querySelectorAll('.chart').length") < 10
    routes = browser.routes()
    assert {
        "",
        "regions",
        "consumption",
        "change",
        "drivers",
        "forecast",
        "insulation",
        "commune",
        "quality",
        "method",
        "region/11",
        "region/94",
        "en/region/84",
    } <= set(routes)
    assert len(routes) == 2 * (13 + len(NAMES))
    for route in routes[1:]:
        browser.go(route)
        visible = browser.run(
            "return [...document.querySelectorAll('.sheet')].filter((each) => each.offsetParent)"
            ".map((each) => [each.closest('.edition').dataset.language, each.dataset.route])"
        )
        language, _, rest = route.partition("/") if route.startswith("en") else ("fr", "", route)
        assert visible == [[language, rest]]
    assert browser.complaints() == []


def test_the_first_screen_is_drawn_soon_on_a_slow_phone(browser: Browser, page: Path) -> None:
    """Time on the processor, so that a busy machine is not taken for a slow page: a phone is four times slower."""
    browser.driver.execute_cdp_cmd("Performance.enable", {"timeDomain": "threadTicks"})
    browser.open(page)
    metrics = browser.driver.execute_cdp_cmd("Performance.getMetrics", {})["metrics"]
    browser.driver.execute_cdp_cmd("Performance.disable", {})
    assert 4 * next(each["value"] for each in metrics if each["name"] == "TaskDuration") < 2.5


def test_figures_in_both_languages_equal_sql(browser: Browser, page: Path, small_warehouse: Path) -> None:
    kinds: dict[str, int] = {}
    with duckdb.connect(str(small_warehouse), read_only=True) as warehouse:
        for language, route in (("fr", ""), ("en", "en")):
            browser.open(page, route)
            browser.run(COLLECT)
            browser.wait(lambda: browser.run(UNREAD) == 0)
            found = browser.run(COLLECT)
            by_kind: dict[str, list[list[Any]]] = {}
            for row in found:
                by_kind.setdefault(row[0].partition("-")[0], []).append(row)
            chosen = [
                row for rows in by_kind.values() for row in random.Random(7).sample(rows, min(SAMPLED, len(rows)))
            ]
            for name, key, column, digits, text in chosen:
                expected = value_of(warehouse, name, key, column)
                shown = read_number(text, language)
                kinds[name.partition("-")[0]] = kinds.get(name.partition("-")[0], 0) + 1
                if expected is None:
                    assert shown is None, (name, key, column)
                else:
                    # The page holds seven digits of a value, and what it shows is these, rounded.
                    held = float(f"{expected:.7g}")
                    assert shown == pytest.approx(held, abs=0.50001 * 10**-digits, rel=0), (name, key, column)
    drawn_by_others = {"map", "rank", "clients_by_region", "communes"}
    assert set(kinds) == {*SOURCES, *drawn_by_others} - {"regions"}
    assert sum(kinds.values()) > 2 * 300


HEADLINE = (
    "return [...document.querySelectorAll('.edition:not([hidden]) .sheet:not([hidden]) :is(.answer, .answer ~ p)')]"
    ".filter((each) => each.offsetParent).map((each) => each.textContent).join(' ')"
)


def test_the_headline_says_what_it_knows_of_what_was_chosen(browser: Browser, page: Path) -> None:
    browser.open(page)
    said = browser.run(HEADLINE)
    assert said.startswith("France\u00a0: environ 1\u202f200\u00a0MW supplémentaires par degré perdu")
    assert "1\u202f235 [1\u202f123 à 1\u202f346] MW/°C" in said
    assert "de 877 (saison et durée du jour mises à part) à 1\u202f235 (mêmes seuils partout)" in said
    assert "Données jusqu\u2019au 31\u00a0décembre 2022" in said
    assert "plus d\u2019un an avant cette page" in said
    browser.open(page, "en?measure=heating_share&territory_code=84")
    assert browser.run(HEADLINE).startswith("Auvergne-Rhône-Alpes: about 4.6 percent more load for each degree colder")
    browser.open(page, "en?measure=cooling&territory_code=53")
    assert browser.run(HEADLINE).startswith("Bretagne: no value that may be quoted Why: ")


def test_findings_are_headings_and_follow_the_territory(browser: Browser, page: Path) -> None:
    browser.open(page, "en/clients")
    figure = ".edition[lang=en] [data-name=categories]"
    said = f"return document.querySelector('{figure} ' + arguments[0])"
    country = browser.run(f"{said}.textContent", "h3")
    assert re.search(r": about [\d,]+\sMW more per °C colder$", country), country
    assert browser.run(f"{said}.textContent", ".how").startswith("Who consumes more when it gets colder. MW more")
    browser.run(
        "const select = document.querySelector('.edition[lang=en] .sheet:not([hidden]) select[name=territory_code]');"
        "select.value = '84'; select.dispatchEvent(new Event('change', {bubbles: true}));"
    )
    browser.settle()
    region = browser.run(f"{said}.textContent", "h3")
    assert region != country
    assert browser.run(f"{said}.getAttribute('aria-label')", ".canvas").startswith(region)
    # Of several filters it is what all of them choose.
    browser.go("en/clients?client_type_code=tertiary&period_year=2016")
    heading = ".edition[lang=en] [data-name=clients_by_region] h3"
    found = browser.run("return document.querySelector(arguments[0]).textContent", heading)
    assert re.fullmatch(r"Services: .* consumes most, [\d.]+\sTWh in 2016", found), found


def test_language_switch_keeps_the_view(browser: Browser, page: Path) -> None:
    browser.open(page, "region/84")
    assert browser.run("return document.documentElement.lang") == "fr"
    browser.run("document.querySelector('.edition:not([hidden]) [data-switch]').click()")
    browser.wait(lambda: browser.run("return location.hash") == "#/en/region/84")
    browser.settle()
    assert browser.run("return document.documentElement.lang") == "en"
    assert browser.run("return document.title").startswith("Auvergne-Rhône-Alpes · Electricity")


def test_a_slider_chooses_how_cold_the_day_is(browser: Browser, page: Path) -> None:
    browser.open(page, "en/drivers?cold_snap_code=at_2")
    browser.settle()
    said = "return document.querySelector('.edition[lang=en] input[type=range]').parentElement.textContent"
    assert "A day at 2 °C" in browser.run(said)
    browser.run(
        "const slider = document.querySelector('.edition[lang=en] input[type=range]');"
        "slider.value = slider.max; slider.dispatchEvent(new Event('input', {bubbles: true}));"
        "slider.dispatchEvent(new Event('change', {bubbles: true}));"
        "document.querySelector('.edition[lang=en] [data-name=cold_snap] details').open = true;"
    )
    browser.wait(lambda: "cold_snap_code=at_minus_10" in browser.run("return location.hash"))
    browser.wait(
        lambda: (
            browser.run("return document.querySelectorAll('.edition[lang=en] [data-name=cold_snap] tbody tr').length")
            == 12
        )
    )
    assert "A day at \u221210 °C" in browser.run(said)
    keys = browser.run(
        "return [...document.querySelectorAll('.edition[lang=en] [data-name=cold_snap] tbody tr')]"
        ".map((row) => row.dataset.key.split('|')[0])"
    )
    assert set(keys) == {"at_minus_10"}


def test_an_unknown_address_shows_the_first_view(browser: Browser, page: Path) -> None:
    browser.open(page, "region/%3Cnowhere%3E")
    assert browser.run("return document.querySelector('.sheet:not([hidden])').dataset.route") == ""


def test_choosing_a_measure_shows_its_map_and_ranking(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.run("document.querySelector('input[value=cooling]').click()")
    browser.settle()
    shown = browser.run(
        "return [...document.querySelectorAll('.chart')].filter((e) => e.offsetParent).map((e) => e.dataset.name)"
    )
    assert shown == ["map-cooling", "rank-cooling", "hours-FR"]
    assert "non identifiée" in browser.run("return document.querySelector('[data-name=map-cooling] svg').textContent")


def test_filters_keep_rows_in_chart_table_csv_and_address(browser: Browser, page: Path) -> None:
    browser.open(page, "clients")
    choose = (
        "const control = document.querySelector(`.edition:not([hidden]) .sheet:not([hidden]) [name=${arguments[0]}]`);"
        " control.value = arguments[1]; control.dispatchEvent(new Event('change', { bubbles: true }))"
    )
    browser.run(choose, "territory_code", "84")
    browser.run(choose, "client_type_code", "tertiary")
    browser.settle()
    assert "territory_code=84" in browser.run("return location.hash")
    browser.open(page, browser.run("return location.hash").removeprefix("#/"))
    rows = (
        "const figure = document.querySelector(`.edition:not([hidden]) [data-name=${arguments[0]}]`);"
        " const opened = figure.querySelector('details'); opened.open = true;"
        " opened.dispatchEvent(new Event('toggle'));"
        " return [...figure.querySelectorAll('tbody tr')].map((each) => each.dataset.key)"
    )
    assert {key.split("|")[0] for key in browser.run(rows, "clients")} == {"84"}
    shown = browser.run(rows, "clients_by_region")
    assert {key.split("|")[1:][1] for key in shown} == {"tertiary"}
    assert len(shown) == len(NAMES)
    browser.run("document.querySelector('.edition:not([hidden]) [data-name=clients] [data-download=csv]').click()")
    text = browser.downloaded("dataelec-clients-84-simulated.csv").decode("utf-8-sig")
    assert {row["territory_code"] for row in csv.DictReader(io.StringIO(text), delimiter=";")} == {"84"}


def test_a_choice_without_rows_says_so_and_what_is_not_identified_has_no_mark(browser: Browser, page: Path) -> None:
    browser.open(page, "clients?territory_code=94")
    text = "return document.querySelector('.edition:not([hidden]) [data-name=category_months] .canvas').textContent"
    assert browser.run(text) == "Rien n\u2019est publié pour ce choix."
    browser.open(page, "en/clients?territory_code=84")
    assert "Small businesses" in browser.run(text)
    canvas = "document.querySelector('.edition:not([hidden]) [data-name=categories] svg')"
    assert "Companies (Enedis) · not identified" in browser.run(f"return {canvas}.textContent")
    assert browser.run(f"return {canvas}.querySelectorAll('.mark-symbol.role-mark path').length") == 2


def test_a_choice_and_a_figure_have_addresses(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.run("document.querySelector('input[value=heating_share]').click()")
    assert browser.run("return location.hash") == "#/?measure=heating_share&territory_code=FR"
    switch = browser.run("return document.querySelector('.edition:not([hidden]) [data-switch]').getAttribute('href')")
    browser.open(page, switch.removeprefix("#/"))
    shown = "return document.querySelector('.edition:not([hidden]) .pair:not([hidden])').dataset.value"
    assert browser.run(shown) == "heating_share"
    browser.go("")
    assert browser.run(shown) == "heating"
    browser.open(page, "region/84?figure=profile-84")
    figure = "return document.activeElement.dataset.name"
    assert browser.run(figure) == "profile-84"
    browser.wait(lambda: browser.run("return document.activeElement.getBoundingClientRect().top") < 900)


def test_corse_is_on_the_map_and_not_as_zero(browser: Browser, page: Path) -> None:
    browser.open(page)
    drawn = browser.run("return document.querySelector('[data-name=map-heating] svg').textContent")
    assert "Corse" in drawn
    assert "non publiée" in drawn
    tiles = browser.run("return document.querySelectorAll('[data-name=map-heating] .mark-rect.role-mark path').length")
    assert tiles == len(NAMES)
    browser.go("region/94")
    assert "Sensibilité non publiée" in browser.run("return document.querySelector('.sheet:not([hidden])').innerText")


def test_csv_holds_the_figures_in_the_readers_convention(browser: Browser, page: Path) -> None:
    for route, separator, decimal in (("region/84", ";", ","), ("en/region/84", ",", ".")):
        browser.open(page, route)
        button = ".sheet:not([hidden]) [data-name=hours-84] [data-download=csv]"
        browser.run(f"document.querySelector('.edition:not([hidden]) {button}').click()")
        text = browser.downloaded("dataelec-hours-84-simulated.csv").decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(text), delimiter=separator))
        assert [int(row["hour_of_day"]) for row in rows] == list(range(24))
        assert rows[3]["heating_hour_factor"].startswith(f"1{decimal}10")
        assert rows[3]["is_simulated"] == "true"


def test_json_says_what_a_figure_is_and_a_page_can_embed_it(browser: Browser, page: Path) -> None:
    browser.open(page, "en/clients?territory_code=84")
    figure = "document.querySelector('.edition[lang=en] [data-name=clients]')"
    browser.run(f"{figure}.querySelector('[data-download=json]').click()")
    told = json.loads(browser.downloaded("dataelec-clients-84-simulated.json"))
    assert told["is_simulated"] is True
    assert told["filters"] == {"territory_code": "84"}
    assert told["citation"].startswith("DataElec maintainers, DataElec ")
    assert "code" not in told
    assert {row["territory_code"] for row in told["rows"]} == {"84"}
    assert [column["name"] for column in told["columns"]] == list(told["rows"][0])
    browser.run(f"{figure}.querySelector('[data-embed]').click()")
    code = browser.run(f"return {figure}.querySelector('textarea').value")
    address = re.search(r'src="([^"]+)"', code)
    assert address
    browser.open(page, html.unescape(address[1]).split("#/")[1], width=800)
    seen = browser.run(
        "return [...document.querySelectorAll('.chart, .top, footer, h1, .controls, .vintage, .simulated')]"
        ".filter((each) => each.offsetParent).map((each) => each.dataset.name ?? each.className)"
    )
    assert seen == ["simulated", "clients"]


def test_page_and_metadata_link_to_the_code_whose_address_is_set(
    browser: Browser, small_warehouse: Path, tmp_path: Path
) -> None:
    repository = "https://code.example/owner/name"
    browser.open(page_of(small_warehouse, tmp_path, repository), "en/")
    links = browser.run(
        "return [...document.querySelectorAll('.edition[lang=en] .sheet:not([hidden]) .cite a[href^=http]')]"
        ".map((each) => [each.textContent, each.href])"
    )
    assert links == [["the code", repository], ["Code", repository]]
    browser.run("document.querySelector('.edition[lang=en] [data-name=map-heating] [data-download=json]').click()")
    assert json.loads(browser.downloaded("dataelec-map-heating-simulated.json"))["code"] == repository


def test_csv_runs_no_formula_in_a_spreadsheet(browser: Browser, page: Path) -> None:
    browser.open(page)
    browser.run("document.querySelector('[data-name=rank-heating] [data-download=csv]').click()")
    text = browser.downloaded("dataelec-rank-heating-simulated.csv").decode("utf-8-sig")
    labels = {row["territory_label_fr"] for row in csv.DictReader(io.StringIO(text), delimiter=";")}
    assert "'" + FORMULA in labels
    assert {SCRIPT, QUOTES, LONG, RIGHT_TO_LEFT} <= labels


def test_pictures_carry_title_and_sources(browser: Browser, page: Path) -> None:
    browser.open(page)
    for kind in ("svg", "png"):
        browser.run(f"document.querySelector('[data-name=map-heating] [data-download={kind}]').click()")
    svg = browser.downloaded("dataelec-map-heating-simulated.svg").decode()
    assert "DONNÉES SIMULÉES" in svg
    assert "31\u00a0décembre 2022" in svg
    assert "<script" not in svg
    png = browser.downloaded("dataelec-map-heating-simulated.png")
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20], "big") > 900


# At 800 px a legend laid out for the width before the axis has its room is cut.
@pytest.mark.parametrize("width", [360, 768, 800, 1440])
def test_nothing_overflows(browser: Browser, page: Path, width: int) -> None:
    browser.open(page, width=width)
    for route in (
        "",
        "regions",
        "region/84",
        "region/28",
        "consumption",
        "clients",
        "production",
        "change",
        "insulation",
        "commune?territory_code=01001",
        "quality",
        "method",
        "sources",
        "en/clients",
    ):
        browser.go(route)
        beyond = browser.run(
            "return [...document.querySelectorAll('body *')].filter((each) => each.offsetParent &&"
            " !each.closest('.scroll') && !each.closest('.unseen, .skip') &&"
            " each.getBoundingClientRect().right > innerWidth + 1).map((each) => each.outerHTML.slice(0, 120))"
        )
        assert beyond == [], (route, width)
        assert browser.run("return document.documentElement.scrollWidth") <= width
        assert browser.run(CUT) == [], (route, width)
        assert browser.run(NUMBERED_TWICE) == [], (route, width)


def test_both_editions_of_factors_are_named_at_their_lines(browser: Browser, page: Path) -> None:
    for width in (360, 1440):
        browser.open(page, "en/production", width=width)
        for name in ("carbon_months", "carbon_hours"):
            marks = f"document.querySelectorAll('.edition[lang=en] [data-name={name}] .role-mark"
            named = browser.run(f"return [...{marks}.mark-text text')].map((each) => each.textContent)")
            assert sorted(named) == ["current factors", "factors of 2016"]
            # In black and white the dashes tell them apart.
            dashes = browser.run(f"return [...{marks} path')].map((each) => each.getAttribute('stroke-dasharray'))")
            assert len({each for each in dashes if each}) == 2


@pytest.mark.parametrize("route", ["en/region/84", "en/clients"])
def test_a_window_that_narrows_cuts_no_legend(browser: Browser, page: Path, route: str) -> None:
    browser.open(page, route)
    browser.resize(390)
    widest = "return Math.max(...[...document.querySelectorAll('.canvas svg')].map((each) => each.clientWidth))"
    browser.wait(lambda: browser.run(widest) < 390)
    browser.wait(lambda: browser.run(CUT) == [])


def test_a_table_wider_than_a_phone_is_shaded_where_it_goes_on(browser: Browser, page: Path) -> None:
    browser.open(page, "sources", width=390)
    table = "const table = document.querySelector('.edition:not([hidden]) .sheet:not([hidden]) .scroll');"
    assert browser.run(f"{table} return table.scrollWidth > table.clientWidth")
    attachment = browser.run(f"{table} return getComputedStyle(table).backgroundAttachment")
    assert attachment == "local, local, scroll, scroll"


def test_hostile_names_show_as_text(browser: Browser, page: Path) -> None:
    browser.open(page)
    for code, name in (("24", SCRIPT), ("27", QUOTES), ("28", LONG), ("32", RIGHT_TO_LEFT)):
        browser.go(f"region/{code}")
        assert browser.run("return document.querySelector('.sheet:not([hidden]) h1').textContent") == name
        assert browser.run("return document.title").startswith(name)
    browser.run(BUILD)
    assert browser.run("return document.querySelectorAll('.edition script, .edition img, .edition b b').length") == 0


def test_charts_keep_their_names_when_drawn(browser: Browser, page: Path) -> None:
    browser.open(page, "en/region/84")
    named = browser.run(
        "return [...document.querySelectorAll('.edition:not([hidden]) .sheet:not([hidden]) .chart')].map((figure) =>"
        " [document.getElementById(figure.getAttribute('aria-labelledby')).textContent,"
        " figure.querySelector('.canvas').getAttribute('role'),"
        " figure.querySelector('.canvas').getAttribute('aria-label')])"
    )
    assert len(named) == 13
    for title, role, label in named:
        assert role == "img"
        assert title
        assert label.startswith(title)


def test_a_choice_is_undone_with_back(browser: Browser, page: Path) -> None:
    browser.open(page, "en")
    shown = "return document.querySelector('.edition:not([hidden]) .pair:not([hidden])').dataset.value"
    browser.run("document.querySelector('.edition[lang=en] input[value=cooling]').click()")
    assert browser.run(shown) == "cooling"
    browser.run("scrollTo(0, 400)")
    browser.driver.back()
    browser.wait(lambda: browser.run(shown) == "heating")
    assert browser.run("return document.activeElement.tagName") != "H1"
    browser.driver.forward()
    browser.wait(lambda: browser.run(shown) == "cooling")


def test_without_scripts_texts_and_tables_are_there_in_both_languages(browser: Browser, page: Path) -> None:
    browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        browser.resize(1000)
        browser.driver.get("about:blank")
        browser.driver.get(f"{page.as_uri()}#/en/region/84")
        headings, cells = (
            browser.run(
                f"return [...document.querySelectorAll('{each}')].filter((each) => each.offsetParent)"
                ".map((each) => each.textContent)"
            )
            for each in ("h2.answer", '[id="/en/region/84"] td')
        )
        # The address leads to its screen, as if it were a page of text.
        top = browser.run("return document.getElementById('/en/region/84').getBoundingClientRect().top")
        assert abs(top) < 50
    finally:
        browser.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    assert "France\u00a0: environ 1\u202f200\u00a0MW supplémentaires par degré perdu" in headings
    assert "France: about 1,200\u00a0MW more for each degree colder" in headings
    assert "reliable" in cells
    assert len(cells) > 500


def printed_pages(pdf: bytes) -> list[int]:
    """How many pieces of text each page of a PDF of Chromium has."""
    objects = dict(re.findall(rb"(\d+) 0 obj\n(.*?)\nendobj", pdf, re.DOTALL))
    found = [re.search(rb"/Contents (\d+) 0 R", each) for each in objects.values() if b"/Type /Page\n" in each]
    streams = [objects[each[1]].split(b"stream\n", 1)[1] for each in found if each]
    return [len(re.findall(rb"Tj|TJ", zlib.decompressobj().decompress(stream))) for stream in streams]


@pytest.mark.parametrize("width", [390, 1440])
def test_charts_fit_the_paper_and_no_page_is_blank(browser: Browser, page: Path, width: int) -> None:
    for route in ("", "consumption", "region/84", "en/drivers", "clients"):
        browser.open(page, route, width=width)
        pdf = browser.driver.execute_cdp_cmd("Page.printToPDF", {"paperWidth": 8.27, "paperHeight": 11.69})["data"]
        pages = printed_pages(base64.b64decode(pdf))
        assert len(pages) > 1
        assert min(pages) > 20, (route, pages)
        # A4 less its margins, without a redrawing: a printer does not wait for one.
        browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        browser.run("document.body.style.width = '718px'")
        beyond = browser.run(
            "return [...document.querySelectorAll('.canvas svg')].filter((each) => each.getBoundingClientRect().width"
            " && each.getBoundingClientRect().right > each.closest('.chart').getBoundingClientRect().right)"
            ".map((each) => each.closest('.chart').dataset.name)"
        )
        cut = browser.run(CUT)
        browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
        assert beyond == cut == [], route


def test_bars_have_numbers_on_a_phone(browser: Browser, tmp_path: Path) -> None:
    database = make_warehouse(tmp_path / "long.duckdb")
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "insert into analysis.consumption_by_period"
            " select * exclude (back) replace (cast(period_year - back as integer) as period_year)"
            " from analysis.consumption_by_period, range(2, 14, 2) as years(back)"
        )
    browser.open(page_of(database, tmp_path), "consumption", width=360)
    written = browser.run(
        "return [...document.querySelectorAll('.edition:not([hidden]) [data-name=years-FR] .mark-text.role-mark text')]"
        ".map((each) => each.textContent)"
    )
    assert len(written) == 14
    assert "434" in written
    assert browser.run(CUT) == []


def test_charts_have_a_table_by_keyboard(browser: Browser, page: Path) -> None:
    keys = pytest.importorskip("selenium.webdriver").Keys
    browser.open(page)
    body = browser.driver.switch_to.active_element
    body.send_keys(keys.TAB)
    assert browser.run("return document.activeElement.className") == "skip"
    browser.driver.switch_to.active_element.send_keys(keys.ENTER)
    assert browser.run("return document.activeElement.tagName") == "H1"
    summary = "document.querySelector('[data-name=rank-heating] summary')"
    browser.run(f"{summary}.focus()")
    browser.driver.switch_to.active_element.send_keys(keys.ENTER)
    browser.wait(lambda: browser.run("return document.querySelector('[data-name=rank-heating] table') !== null"))
    rows = browser.run("return document.querySelectorAll('[data-name=rank-heating] tbody tr').length")
    assert rows == len(NAMES)


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    if not shutil.which("npm"):
        pytest.skip("no npm here, and axe-core is an npm package")
    folder = tmp_path_factory.mktemp("axe")
    command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder), "axe-core@4"]
    installed = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if installed.returncode:
        pytest.skip("the npm registry cannot be reached")
    return (folder / "node_modules/axe-core/axe.min.js").read_text("utf-8")


@pytest.mark.parametrize(("scheme", "prefix"), [("light", ""), ("light", "en/"), ("dark", "")])
def test_axe_finds_nothing(browser: Browser, page: Path, axe: str, scheme: str, prefix: str) -> None:
    browser.open(page, prefix)
    browser.resize(1440, scheme)
    browser.run(axe)
    places = ["region/53", "region/94", "commune?territory_code=01001"]
    menu = browser.run(
        "return [...document.querySelectorAll('.edition:not([hidden]) [data-menu]')].map((each) => each.dataset.menu)"
    )
    assert len(menu) > 10
    for route in [*menu, *places]:
        if route:
            browser.go(prefix + route)
        browser.run("(document.querySelector('.edition:not([hidden]) .sheet:not([hidden]) details') ?? {}).open = true")
        found = browser.driver.execute_async_script(
            "const done = arguments[0];"
            " axe.run({ exclude: ['.canvas svg', 'tbody tr:nth-child(n+20)'] }, { preload: false })"
            ".then((result) => done(result.violations.map("
            "(each) => [each.impact, each.id, each.nodes.map((node) => node.html.slice(0, 160)).slice(0, 3)])))"
        )
        assert found == [], prefix + route


SHEET = "document.querySelector('.edition:not([hidden]) [data-place]')"
SHOWN_OF_PLACE = f"""
    const found = [];
    for (const cell of {SHEET}.querySelectorAll('dl [data-digits], p [data-digits], tbody [data-digits]')) {{
        const code = cell.closest('[data-key]')?.dataset.key ?? {SHEET}.dataset.place;
        if (cell.offsetParent) {{
            found.push([code, cell.dataset.column, Number(cell.dataset.digits), Number(cell.dataset.scale ?? 1),
                cell.textContent]);
        }}
    }}
    return found;
"""


def place_value(warehouse: duckdb.DuckDBPyConnection, code: str, column: str) -> float | None:
    """A figure of a place's sheet, by a query of this test's own."""
    estimate = "shrunk"
    for prefix in ("measured", "allocated", "bottom_up"):
        if column == f"{prefix}_slope_mw_per_c":
            estimate, column = prefix, "heating_slope_mw_per_c"
    of_slopes = column.startswith("heating_slope") or "dwellings_count" in column or column == "measured_share"
    rows = warehouse.execute(
        f"select {column} from "
        + (
            f"analysis.area_sensitivity where estimate_code = '{estimate}'"
            if of_slopes
            else "analysis.insulation_priority where territory_level_code <> 'departement'"
        )
        + " and territory_code = $1",
        [code],
    ).fetchall()
    assert len(rows) <= 1
    return float(rows[0][0]) if rows and rows[0][0] is not None else None


def test_the_sheet_of_a_place_equals_sql(browser: Browser, page: Path, small_warehouse: Path) -> None:
    with duckdb.connect(str(small_warehouse), read_only=True) as warehouse:
        for code in ("01001", "01003", "2A004", "200000001"):
            for language, prefix in (("fr", ""), ("en", "en/")):
                browser.open(page, f"{prefix}commune?territory_code={code}")
                browser.wait(lambda code=code: browser.run(f"return {SHEET}.dataset.place") == code)
                found = browser.run(SHOWN_OF_PLACE)
                for place, column, digits, scale, text in found:
                    expected, shown = place_value(warehouse, place, column), read_number(text, language)
                    assert (expected is None) == (shown is None), (place, column, text)
                    if expected is not None:
                        assert shown == pytest.approx(scale * expected, abs=0.50001 * 10**-digits), (place, column)
                columns = {column for place, column, *_ in found if place == code}
                assert ("measured_slope_mw_per_c" in columns) == (code != "2A004")
                assert ("peak_load_avoided_mw" in columns) == (code != "01003")
    said = browser.run(f"return {SHEET}.innerText")
    assert "10% less loss" in said
    assert "less at 19:00 on a day at 0" in said


def test_a_place_is_found_by_keyboard_whatever_its_accents(browser: Browser, page: Path) -> None:
    keys = pytest.importorskip("selenium.webdriver").Keys
    listed = "return [...document.querySelectorAll('.edition:not([hidden]) [role=option]')].map((e) => e.textContent)"
    for width in (1440, 360):
        browser.open(page, "en/commune", width=width)
        field = browser.driver.find_element("css selector", ".edition:not([hidden]) [role=combobox]")
        for typed, first in (
            ("eloise", "Éloise"),
            ("ST ETE", "Saint-Été"),
            ("2a00", "Ajaccio"),
            ("dombes", "CC de la"),
        ):
            field.clear()
            field.send_keys(typed)
            browser.wait(lambda first=first: [each for each in browser.run(listed) if each.startswith(first)] != [])
        assert field.get_attribute("aria-expanded") == "true"
        field.clear()
        field.send_keys("010")
        browser.wait(lambda: len(browser.run(listed)) == 3)
        field.send_keys(keys.ARROW_DOWN, keys.ARROW_DOWN)
        chosen = browser.driver.find_element("id", field.get_attribute("aria-activedescendant"))
        assert chosen.get_attribute("aria-selected") == "true"
        code = chosen.get_attribute("data-code")
        assert "3 suggestions" in browser.run("return document.getElementById('announce').textContent")
        field.send_keys(keys.ENTER)
        browser.wait(lambda code=code: browser.run(f"return {SHEET}.dataset.place") == code)
        # What a screen reader reads next is the sheet, by its name.
        browser.wait(lambda: browser.run("return document.activeElement.className") == "place")
        assert code in browser.run(
            "return document.getElementById(document.activeElement.getAttribute('aria-labelledby')).textContent"
        )
        assert f"territory_code={code}" in browser.run("return location.hash")
        assert browser.run("return document.documentElement.scrollWidth") <= width


def test_a_place_has_a_csv_and_prints_alone(browser: Browser, page: Path) -> None:
    browser.open(page, "commune?territory_code=01001")
    browser.wait(lambda: browser.run(f"return {SHEET}.dataset.place") == "01001")
    browser.run("document.querySelector('.edition:not([hidden]) [data-place-csv]').click()")
    text = browser.downloaded("dataelec-commune-01001-simulated.csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    # The nearest in dwellings first, of its own département alone.
    assert [row["territory_code"] for row in rows] == ["01001", "01003", "01002"]
    assert rows[0]["heating_slope_mw_per_c"] == "12,346"
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    seen = browser.run(
        "return ['.edition:not([hidden]) nav', '.edition:not([hidden]) [role=search]', '.edition:not([hidden]) .place']"
        ".map((each) => [...document.querySelectorAll(each)].some((found) => found.offsetParent))"
    )
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert seen == [False, False, True]
    browser.open(page, "commune?territory_code=99999")
    assert browser.run(f"return {SHEET}.hidden")


def test_outlines_lead_from_departements_to_communes_and_their_sheets(browser: Browser, page: Path) -> None:
    shapes = "[...document.querySelectorAll('.edition:not([hidden]) [data-name=%s] .mark-shape path')]"
    addresses = f"return {shapes}.map((each) => each.getAttribute('aria-label').split('address: ')[1])"
    browser.open(page, "en/insulation")
    ain, corse = "#/en/commune?departement_code=01", "#/en/commune?departement_code=2A"
    assert browser.run(addresses % "insulation") == [ain, corse]
    # A département is the border around its two communes, not their two rectangles.
    assert browser.run(f"return {shapes}[0].getAttribute('d')" % "insulation").count("M") == 1
    browser.go(ain.removeprefix("#/"))
    # The third commune has no outline: it stands in the table alone.
    assert browser.run(addresses % "communes") == [
        f"#/en/commune?territory_code={code}&departement_code=01" for code in ("01001", "01002")
    ]
    click = "dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true, view: window}))"
    browser.run(f"{shapes}[1].{click}" % "communes")
    browser.wait(lambda: browser.run(f"return {SHEET}.dataset.place") == "01002")
    assert "Saint-Été" in browser.run(f"return {SHEET}.innerText")


def test_without_outlines_departements_are_tiles(tmp_path: Path) -> None:
    text = page_of(make_warehouse(tmp_path / "x.duckdb", without=("core.dim_commune_outlines",)), tmp_path).read_text()
    assert 'data-kind="priority"' in text
    assert 'data-kind="map_' not in text


def test_a_partial_warehouse_shows_what_it_can(browser: Browser, tmp_path: Path) -> None:
    absent = ("analysis.weather_sensitivity_hourly", "core.fct_daily_load", "analysis.sensitivity_change")
    database = make_warehouse(tmp_path / "partial.duckdb", is_simulated=False, without=absent)
    browser.open(page_of(database, tmp_path), "region/84")
    drawn = browser.run(
        "return [...document.querySelectorAll('[data-language=fr] [data-route=\"region/84\"] .chart')]"
        ".map((each) => each.dataset.kind)"
    )
    use = ["corrected", "years", "months", "profile", "clients", "category_months", "production"]
    assert drawn == ["seasons", "categories", *use]
    assert browser.run("return document.querySelectorAll('.simulated').length") == 0
    browser.go("method")
    assert "analysis.sensitivity_change" in browser.run("return document.querySelector('main').innerText")
    assert browser.complaints() == []
