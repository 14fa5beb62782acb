"""Figures that README and docs/ state: kept in docs/results, computed from built warehouses, written into the pages.

`python -m research.written_figures --real warehouse/live.duckdb --simulated warehouse/sample.duckdb` computes and
writes; without a database it only writes what the results say into the pages; `--check` only says which pages differ.

A page marks a figure by comments that readers do not see. NAME is a path into the results, FORMAT as `_written` says:

- `<!--=NAME FORMAT-->text<!--/-->` in a sentence: the text between is replaced;
- `| label <!--=NAME FORMAT--> | cell | cell |` in a table: the cells after the first are, in the results' order;
- `<!--?NAME-->` after words that rest on a claim, which the results must hold true.
"""

import json
import math
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import duckdb
import yaml
from jinja2 import Template

from report import numbers
from research.project import PROJECT
from research.validation import other_models

FRANCE, IDF = "France (12 régions)", "Île-de-France"
RESULTS = PROJECT / "docs" / "results"
INLINE = re.compile(r"<!--=(?P<name>\S+)(?: (?P<format>\S+))?-->(?P<text>[^|<]*)<!--/-->")
ROW = re.compile(r"^(?P<label>\|[^|]*<!--=(?P<name>\S+)(?: (?P<format>\S+))?-->[^|]*\|)(?P<cells>.*)\|$", re.MULTILINE)
# Markdown takes a line that begins with a comment out of its paragraph.
BREAKS_PARAGRAPH = re.compile(r"^ {0,3}<!--[=?](?P<name>\S+?)(?: |-->)", re.MULTILINE)
CLAIM = re.compile(r"<!--\?(?P<name>\S+)-->")
COUNT_WORDS = {
    "en": ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    "fr": ("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"),
}
# As many digits as no page states, so that the last ones of a floating-point sum make no difference.
DIGITS_KEPT = 9

Results = dict[str, Any]
Read = Callable[..., list[tuple[Any, ...]]]

WHOLE = "window_code = 'all' and client_type_code = 'all'"
REGIONS = f"{WHOLE} and territory_level_code = 'region' and heating_slope_mw_per_c is not null"
ERRORS = {
    "slopes_sum": "sum(heating_slope_mw_per_c)",
    "half_width_pct": "100 * (heating_slope_mw_per_c_ci95_high / heating_slope_mw_per_c - 1)",
    "within_r2": "within_r2_share",
    "overall_r2": "overall_r2_share",
    "cv_rmse_pct": "cv_rmse_pct",
    "lag1_correlation": "residual_lag1_correlation",
    "hold_out_median_pct": "median(hold_out_cv_rmse_pct)",
    "hold_out_worst_pct": "max(hold_out_cv_rmse_pct)",
    "hold_out_nmbe_pct": "hold_out_nmbe_pct",
}
RESIDUALS_BY_MONTH = f"""
    select
        case when $level = 'country' then 'France' else territory_label_fr end as place,
        cast(bin_code as integer) as month,
        100 * sum(residual_mean_mw) / sum(load_mean_mw) as residual_pct
    from (
        select territory_code, bin_code, residual_mean_mw from analysis.sensitivity_diagnostics
        where
            diagnostic_code = 'residual_by_month'
            and specification_code = $specification
            and client_type_code = 'all'
            and territory_level_code = 'region'
    )
    inner join analysis.weather_sensitivity as fits using (territory_code)
    where {WHOLE} and specification_code = $specification
    group by all
    order by residual_pct
"""
SLOPES_BY_DIAGNOSTIC = """
    select diagnostic_code, bin_code, sum(heating_slope_mw_per_c)
    from analysis.sensitivity_diagnostics
    where heating_slope_mw_per_c is not null and territory_level_code = 'region'
    group by all
"""
WAVES_AGAINST_NONE = """
    select
        fits.window_code,
        fits.territory_code,
        fits.heating_slope_mw_per_c < plain.heating_slope_mw_per_c as is_heating_below,
        fits.cooling_slope_mw_per_c > plain.cooling_slope_mw_per_c as is_cooling_above,
        fits.cooling_slope_mw_per_c,
        plain.cooling_slope_mw_per_c
    from analysis.weather_sensitivity as fits
    inner join analysis.weather_sensitivity as plain using (territory_code, window_code, client_type_code)
    where
        fits.specification_code = 'season_adjusted'
        and plain.specification_code = 'common'
        and client_type_code = 'all'
        and fits.heating_slope_mw_per_c is not null
"""
ENERGY_DIFFERENCES = """
    select territory_code, calendar_year, energy_difference_pct from analysis.data_quality
    where quality_reason_code = 'annual_energy_against_published' and calendar_year between 2016 and 2019
    order by territory_code, calendar_year
"""
CHANGES_WITHOUT_WEATHER = """
    select cast(period_year as varchar), energy_change_without_weather_pct from analysis.weather_corrected_load
    where territory_code = 'FR' and period_kind_code = 'year' and energy_change_without_weather_pct is not null
    order by period_year
"""
MODELS = {
    "season_adjusted": other_models.WITH_WAVES,
    "common": other_models.HEADLINE,
    "degree_days": "degree days",
    "month_and_weekday": "month x weekday",
}


def real_results(warehouse: duckdb.DuckDBPyConnection) -> Results:
    """Everything that pages state of the real files 2016-2019; claims are true or false."""

    def read(query: str, parameters: Any = None) -> list[tuple[Any, ...]]:
        return warehouse.execute(query, parameters).fetchall()

    return {
        **_slopes(read),
        **_errors(read),
        **_residuals(read),
        **_diagnostics(read),
        **_cooling(read),
        **_hours(read),
        **_energies(read),
        **_questions(warehouse),
        "predictions": _predictions(warehouse),
        "change_without_weather_pct": dict(read(CHANGES_WITHOUT_WEATHER)),
    }


def simulated_results(warehouse: duckdb.DuckDBPyConnection) -> Results:
    """What pages state of the simulated lake beside the real one."""
    rows = [row for row in warehouse.execute(WAVES_AGAINST_NONE).fetchall() if row[0] == "all"]
    return {
        "simulated_territories": len(rows),
        "simulated_season_adjusted_above_common": not any(is_below for _, _, is_below, *_ in rows),
    }


def _slopes(read: Read) -> Results:
    """Each territory's slope, interval and status, and the sum of the regions by specification."""
    territories = read(
        f"""
        select territory_code, heating_slope_mw_per_c, heating_slope_mw_per_c_ci95_low,
            heating_slope_mw_per_c_ci95_high, heating_fit_status
        from analysis.weather_sensitivity
        where {WHOLE} and specification_code = 'common' and heating_slope_mw_per_c is not null
        """
    )
    country = read(
        f"""
        select specification_code, heating_slope_mw_per_c_ci95_low, heating_slope_mw_per_c_ci95_high
        from analysis.weather_sensitivity
        where {WHOLE} and territory_code = 'FR' and heating_slope_mw_per_c is not null
        order by specification_code
        """
    )
    return {
        "territory": {
            code: {"slope": slope, "interval": [low, high], "status": status}
            for code, slope, low, high, status in sorted(territories)
        },
        "country_interval": {specification: [low, high] for specification, low, high in country},
    }


def _errors(read: Read) -> Results:
    """Errors of the fits by specification: a value, or the range over regions."""
    found: Results = {}
    for name, expression in ERRORS.items():
        is_one = re.match(r"(sum|median|max)\(", expression) is not None
        columns = expression if is_one else f"min({expression}), max({expression})"
        rows = read(
            f"""
            select specification_code, {columns} from analysis.weather_sensitivity
            where {REGIONS} group by specification_code order by specification_code
            """
        )
        found[name] = {row[0]: row[1] if is_one else list(row[1:]) for row in rows}
    ((*ratios,),) = read(
        f"""
        select min(jackknife), max(jackknife), min(newey_west), max(newey_west)
        from (
            select
                heating_slope_mw_per_c_se / heating_slope_mw_per_c_hac_se as jackknife,
                heating_slope_mw_per_c_hac_se / heating_slope_mw_per_c_ols_se as newey_west
            from analysis.weather_sensitivity
            where {REGIONS} and specification_code = 'common'
        )
        """
    )
    return found | {"jackknife_to_newey_west": ratios[:2], "newey_west_to_ordinary": ratios[2:]}


def _residuals(read: Read) -> Results:
    """Mean residuals by month, of the regions together and one by one, and where the extremes of `common` are."""
    found: Results = {"residual_together_pct": {}, "residual_of_one_pct": {}}
    for specification in ("common", "free", "season_adjusted"):
        for name, level in (("residual_together_pct", "country"), ("residual_of_one_pct", "region")):
            rows = read(RESIDUALS_BY_MONTH, {"level": level, "specification": specification})
            found[name][specification] = [rows[0][2], rows[-1][2]]
    together = read(RESIDUALS_BY_MONTH, {"level": "country", "specification": "common"})
    one = read(RESIDUALS_BY_MONTH, {"level": "region", "specification": "common"})
    return found | {
        "residual_lowest_month": together[0][1],
        "residual_highest_month": together[-1][1],
        "residual_widest_region": one[0][0],
        "residual_extremes_fall_in_one_region_and_the_same_months": (
            one[0][0] == one[-1][0] and (one[0][1], one[-1][1]) == (together[0][1], together[-1][1])
        ),
        "residual_season_adjusted_within_pct": {
            "together": max(map(abs, found["residual_together_pct"]["season_adjusted"])),
            "one": max(map(abs, found["residual_of_one_pct"]["season_adjusted"])),
        },
    }


def _diagnostics(read: Read) -> Results:
    """Sums of slopes under other choices: balance points, memory, days left out."""
    sums: dict[str, dict[str, float]] = {}
    for diagnostic, code, slope in read(SLOPES_BY_DIAGNOSTIC):
        sums.setdefault(diagnostic, {})[code] = slope
    by_balance_point = {f"{float(code):g}": slope for code, slope in sums["slope_by_balance_point"].items()}
    whole, memory = by_balance_point["15"], sums["slope_by_temperature_memory"]

    def change_pct(slope: float) -> float:
        return 100 * (slope / whole - 1)

    return {
        "slopes_by_balance_point": {str(point): by_balance_point[str(point)] for point in range(12, 19)},
        "slopes_by_memory": {code: memory[code] for code in ("raw", "smoothed", "smoothed_longer")},
        "change_without_days_pct": {
            code: change_pct(sums["slope_without_days"][code])
            for code in ("incomplete", "below_0_c", "july_and_august", "weekends_and_special_days")
        },
        "change_without_one_at_most_pct": {
            name: max(abs(change_pct(slope)) for slope in sums[f"slope_without_{name}"].values())
            for name in ("season", "day_class")
        },
    }


def _cooling(read: Read) -> Results:
    """Cooling terms: how many are left out, how many intervals reach an edge, and what the waves change."""
    ((left_out, on_edge, known),) = read(
        f"""
        select
            count(*) filter (specification_code = 'common' and cooling_slope_mw_per_c is null),
            count(*) filter (cooling_balance_point_c_ci95_low = 18 or cooling_balance_point_c_ci95_high = 26),
            count(cooling_balance_point_c_ci95_low)
        from analysis.weather_sensitivity
        where {REGIONS}
        """
    )
    waves = read(WAVES_AGAINST_NONE)
    whole = {code: rest for window, code, *rest in waves if window == "all"}
    cooling = [is_above for _, is_above, *_ in whole.values() if is_above is not None]
    return {
        "cooling_terms_left_out": left_out,
        "cooling_intervals_on_edge": on_edge,
        "cooling_intervals": known,
        "season_adjusted_cooling_above": sum(cooling),
        "season_adjusted_cooling_both": len(cooling),
        "country_cooling": {"season_adjusted": whole["FR"][2], "common": whole["FR"][3]},
        "season_adjusted_heating_below_common_in_every_row": all(is_below for _, _, is_below, *_ in waves),
    }


def _hours(read: Read) -> Results:
    """Factors of hours: France at the hours shown, and where they are highest and lowest."""
    factors: dict[str, dict[int, float]] = {}
    for code, hour, factor in read(
        f"""
        select territory_code, hour_of_day, heating_hour_factor from analysis.weather_sensitivity_hourly
        where {WHOLE} and heating_hour_factor is not null
        order by territory_code, hour_of_day
        """
    ):
        factors.setdefault(code, {})[hour] = factor
    country, bretagne = factors["FR"], factors["53"]
    lowest_two = sorted(country, key=lambda hour: country[hour])[:2]
    highest, highest_of_bretagne = (max(each, key=lambda hour: each[hour]) for each in (country, bretagne))
    return {
        "hour_factors": {str(hour): country[hour] for hour in (4, 7, 8, 12, 14, 15, 16, 19, 22)},
        "hour_lowest_is_15_then_16": lowest_two == [15, 16],
        "hour_highest": {"hour": highest, "factor": country[highest]},
        "hour_highest_of_bretagne": {"hour": highest_of_bretagne, "factor": bretagne[highest_of_bretagne]},
    }


def _energies(read: Read) -> Results:
    """Yearly energies against the published ones: France by year, and the regions that differ."""
    differences: dict[str, dict[str, float]] = {}
    for code, year, difference in read(ENERGY_DIFFERENCES):
        differences.setdefault(code, {})[str(year)] = difference
    return {
        "energy_difference_pct": differences["FR"],
        "energy_difference_at_most_pct": max(map(abs, differences["FR"].values())),
        "energy_difference_of_centre_pct": [min(differences["24"].values()), max(differences["24"].values())],
    }


def _questions(warehouse: duckdb.DuckDBPyConnection) -> Results:
    """What worked questions of analyses/ answer: a cold snap, the weather of years, shapes of days."""
    (snap,) = [row for row in answers(warehouse, "extra_load_in_a_cold_snap") if row["territory_label_fr"] == IDF]
    weather = [
        row for row in answers(warehouse, "consumption_at_normal_temperature") if row["territory_label_fr"] == FRANCE
    ]
    shape = {
        (row["season_code"], row["day_code"], row["hour_of_day"]): row["load_mean_mw"] / 1000
        for row in answers(warehouse, "load_shape_by_season_and_day")
    }

    def extremes(season: str, day: str) -> Results:
        hours = {hour: load for (*kind, hour), load in shape.items() if kind == [season, day]}
        highest, lowest = max(hours, key=lambda hour: hours[hour]), min(hours, key=lambda hour: hours[hour])
        return {
            "highest_hour": highest,
            "highest_gw": hours[highest],
            "lowest_hour": lowest,
            "lowest_gw": hours[lowest],
        }

    return {
        "cold_snap": {
            "extra_mw": snap["extra_load_mw"],
            "interval_mw": [snap["extra_load_mw_ci95_low"], snap["extra_load_mw_ci95_high"]],
            "coldest_c": snap["coldest_temperature_c"],
            "january_c": snap["january_temperature_c"],
        },
        "cold_snap_fell_on_28_february_2018": str(snap["coldest_on"]) == "2018-02-28",
        "weather_effect_twh": {str(row["calendar_year"]): row["weather_effect_mwh"] / 1e6 for row in weather},
        "winter_weekday": extremes("winter", "weekday"),
        "summer_sunday": extremes("summer", "sunday_or_holiday"),
    }


def answers(warehouse: duckdb.DuckDBPyConnection, question: str) -> list[dict[str, Any]]:
    """The answer to a question of analyses/, asked of this warehouse as it stands."""
    schemas = dict(
        warehouse.execute(
            "select table_name, table_schema from information_schema.tables where table_schema in ('core', 'analysis')"
        ).fetchall()
    )
    variables = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    query = Template((PROJECT / "analyses" / f"{question}.sql").read_text(encoding="utf-8")).render(
        schema_and_table=lambda name: f"{schemas[name]}.{name}", var=lambda name: variables[name]
    )
    result = warehouse.execute(query)
    names = [column[0] for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def _predictions(warehouse: duckdb.DuckDBPyConnection) -> Results:
    """Median CV(RMSE) on 2019 by model; OpenDSM's needs an environment of its own (`make validate`)."""
    days = warehouse.execute(other_models.DAYS_QUERY, [other_models.HELD_OUT_YEAR]).df()
    errors = other_models.errors(other_models.predictions(days))["cv_rmse_pct"]
    medians = errors.groupby(["model", "temperature_code"]).median()
    return {
        name: {"smoothed": float(medians[model, "smoothed"]), "raw": float(medians[model, "raw"])}
        for name, model in MODELS.items()
    }


def kept(value: Any) -> Any:
    """A result as the file keeps it: floats with no more digits than any page could state."""
    if isinstance(value, Mapping):
        return {key: kept(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [kept(each) for each in value]
    return float(f"{value:.{DIGITS_KEPT}g}") if isinstance(value, float) else value


def load_results() -> Results:
    """All results that are kept."""
    return {
        name: value for file in sorted(RESULTS.glob("*.json")) for name, value in json.loads(file.read_text()).items()
    }


def look_up(results: Results, name: str) -> Any:
    """The result of a dotted name; KeyError that lists what there is."""
    value: Any = results
    for step in name.split("."):
        try:
            value = value[int(step)] if isinstance(value, list) else value[step]
        except (KeyError, IndexError, TypeError, ValueError):
            raise KeyError(f"docs/results has no {name}: {step!r} is not among {sorted(value)}") from None
    return value


def _written(value: Any, form: str, language: str) -> str:
    """A result as a page writes it.

    `.1` is the number of decimals, `+.1` with its sign, `^.1` rounded up (for « at most »), `word` a count in letters,
    `month` the name of a month. Text and whole numbers need no format.
    """
    if isinstance(value, list):
        return (" .. " if language == "en" else " à ").join(_written(each, form, language) for each in value)
    if isinstance(value, str) or (isinstance(value, int) and not form):
        return str(value)
    if form == "word":
        return COUNT_WORDS[language][value]
    if form == "month":
        return numbers.month(value, language)
    digits = int(form.lstrip("+^.") or 0)
    if form.startswith("^"):
        value = math.ceil(value * 10**digits) / 10**digits
    return numbers.number(value, language, digits, signed=form.startswith("+"))


def render(text: str, results: Results, language: str) -> str:
    """A page with each of its marked figures as the results have it."""

    def inline(found: re.Match[str]) -> str:
        start = found.group(0).split("-->")[0] + "-->"
        return f"{start}{_written(look_up(results, found['name']), found['format'] or '', language)}<!--/-->"

    def row(found: re.Match[str]) -> str:
        values = list(look_up(results, found["name"]).values())
        cells = found["cells"].split("|")
        if len(cells) != len(values):
            raise ValueError(f"{found['name']} has {len(values)} values, its row {len(cells)} cells")
        stars = ["**" if cell.strip().startswith("**") else "" for cell in cells]
        written = [
            f" {star}{_written(value, found['format'] or '', language)}{star} "
            for star, value in zip(stars, values, strict=True)
        ]
        return f"{found['label']}{'|'.join(written)}|"

    if alone := BREAKS_PARAGRAPH.search(text):
        raise ValueError(f"the mark of {alone['name']} begins a line, which breaks the paragraph: put a word before it")
    for found in CLAIM.finditer(text):
        if look_up(results, found["name"]) is not True:
            raise ValueError(f"{found['name']} is no longer true: mend the words before it")
    return ROW.sub(row, INLINE.sub(inline, text))


def names_in(text: str) -> set[str]:
    """The names of the results that a page marks."""
    return {found["name"] for pattern in (INLINE, ROW, CLAIM) for found in pattern.finditer(text)}


def pages() -> Iterator[tuple[Path, str]]:
    """Every page that may state figures, with its language."""
    for page in [*PROJECT.glob("README*.md"), *sorted((PROJECT / "docs").rglob("*.md"))]:
        yield page, "fr" if page.suffixes[:-1] == [".fr"] else "en"


def write_results(name: str, results: Results) -> None:
    """Keep the results of one warehouse."""
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(kept(results), indent=2, ensure_ascii=False)
    (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")


@click.command()
@click.option("--real", type=click.Path(exists=True, path_type=Path), help="The warehouse of the real files.")
@click.option("--simulated", type=click.Path(exists=True, path_type=Path), help="The warehouse of the simulated lake.")
@click.option("--check", is_flag=True, help="Change nothing; fail where a page does not state its results.")
def main(real: Path | None, simulated: Path | None, check: bool) -> None:
    """Compute the figures that pages state, and write them into the pages."""
    for name, database, compute in (("real", real, real_results), ("simulated", simulated, simulated_results)):
        if database and not check:
            with duckdb.connect(str(database), read_only=True) as warehouse:
                write_results(name, compute(warehouse))
    results, stale = load_results(), []
    for page, language in pages():
        text = page.read_text(encoding="utf-8")
        try:
            rendered = render(text, results, language)
        except (KeyError, ValueError) as error:
            sys.exit(f"{page.relative_to(PROJECT)}: {error.args[0]}")
        if rendered != text:
            stale.append(str(page.relative_to(PROJECT)))
            if not check:
                page.write_text(rendered, encoding="utf-8")
    if check and stale:
        sys.exit(
            f"{', '.join(stale)}: figures differ from docs/results. `python -m research.written_figures` mends them."
        )
    click.echo(f"Wrote {', '.join(stale)}" if stale else "Every page states its results.")


if __name__ == "__main__":
    main()
