"""Slopes before 2016, on temperatures of stations: `python -m research.validation.stations`.

Real loads of 2013-2019 with the daily means of the SYNOP stations (by UTC day) in the place of their three-hourly
values, two windows more. Beside them, as a check, what stations make of 2016-2019, where ODRÉ speaks.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

import click
import duckdb
import pandas as pd

from research.project import REAL_DATA
from research.validation.observed import build_observed
from research.widening import fit_anew, widen
from research.written_figures import kept, write_results

STATION_DAYS = REAL_DATA / "meteo" / "synop-daily-by-station_2013-2022.parquet"
MODEL = "models/preparation/weather/int_daily_station_weather_averaged.sql"
OBSERVED = """
    select
        days.station_code,
        stations.departement_code,
        stations.region_code,
        days.date_day,
        {means}
    from read_parquet('{file}') as days
    inner join {{{{ ref('synop_stations') }}}} as stations using (station_code)
"""
MEASURES = {
    "temperature_mean_c": ("temperature_observations_count", 6),
    "wind_mean_m_s": ("wind_observations_count", 6),
    "humidity_mean_pct": ("humidity_observations_count", 6),
    "cloud_cover_mean_pct": ("cloud_cover_observations_count", 4),
}
SMOOTHED = "models/preparation/weather/int_daily_temperatures_smoothed.sql"
EARLIER, LATER = "from_2013_to_2015", "from_2016_to_2019"
WINDOWS = [
    [EARLIER, "break", "2013-01-01", "2015-12-31", "false", "2013 à 2015", "2013 to 2015"],
    [LATER, "break", "2016-01-01", "2019-12-31", "false", "2016 à 2019", "2016 to 2019"],
]
ANSWERS = ("weather_sensitivity", "sensitivity_change", "response_curve")
CHANGES = """
    select
        specification_code,
        territory_code,
        heating_slope_change_pct as change_pct,
        heating_slope_change_pct_ci95_low as low,
        heating_slope_change_pct_ci95_high as high
    from analysis.sensitivity_change
    where
        base_window_code = $earlier
        and window_code = $later
        and client_type_code = 'all'
        and specification_code in ('common', 'season_adjusted')
        and heating_slope_change_pct is not null
    order by territory_level_code, heating_slope_mw_per_c desc
"""
FITS = """
    select
        territory_code,
        window_code,
        specification_code,
        heating_slope_mw_per_c as slope,
        heating_slope_mw_per_c_ci95_low as low,
        heating_slope_mw_per_c_ci95_high as high,
        hold_out_cv_rmse_pct
    from analysis.weather_sensitivity
    where client_type_code = 'all'
"""


CLOSENESS = """
    select
        region_code,
        corr(stations.temperature_mean_c, days.temperature_published_mean_c) as correlation,
        stddev_pop(stations.temperature_mean_c - days.temperature_published_mean_c) as difference_c
    from intermediate.int_station_temperatures_corrected as stations
    inner join core.fct_daily_temperature as days using (region_code, date_day)
    where days.temperature_published_mean_c is not null
    group by region_code
"""


def fitted(folder: Path, name: str, first_published: str | None = None) -> Path:
    """The warehouse of the real files with stations; ODRÉ is believed from ``first_published`` on alone, if given."""
    observed = build_observed(folder)
    database = widen(observed.database, folder / name, {"windows": WINDOWS})
    means = ", ".join(
        f"case when observations_count >= {fewest} then days.{mean} end as {mean}, observations_count as {count}"
        for mean, (count, fewest) in MEASURES.items()
    )
    (database.parent / MODEL).write_text(OBSERVED.format(means=means, file=STATION_DAYS), encoding="utf-8")
    if first_published:
        smoothed = database.parent / SMOOTHED
        query = smoothed.read_text(encoding="utf-8")
        published = "select * from {{ ref('stg_odre__daily_temperatures') }}"
        assert query.count(published) == 1
        smoothed.write_text(query.replace(published, f"{published} where date_day >= '{first_published}'"))
    below = "int_daily_station_weather_averaged+"
    fit_anew(folder / "lake", database, *(f"{below},+{answer}" for answer in ANSWERS), target="live")
    return database


def read(database: Path, query: str, **parameters: str) -> pd.DataFrame:
    """The rows of a query on one warehouse."""
    with duckdb.connect(str(database), read_only=True) as warehouse:
        return warehouse.execute(query, parameters or None).df()


def results(database: Path, control: Path) -> dict[str, Any]:
    """Slopes of both windows and their change, the later one from stations alone, and how close those come."""
    keys = ["specification_code", "territory_code", "window_code"]
    fits, checks = (read(file, FITS).set_index(keys) for file in (database, control))
    changes = read(database, CHANGES, earlier=EARLIER, later=LATER)
    found: dict[str, Any] = {"common": {}, "season_adjusted": {}}
    for change in changes.itertuples():
        earlier, later, check = (
            fit.loc[(change.specification_code, change.territory_code, window)]
            for fit, window in ((fits, EARLIER), (fits, LATER), (checks, LATER))
        )
        found[change.specification_code][change.territory_code] = {
            "earlier": earlier.slope,
            "earlier_ci95": [earlier.low, earlier.high],
            "later": later.slope,
            "later_ci95": [later.low, later.high],
            "change_pct": change.change_pct,
            "change_pct_ci95": [change.low, change.high],
            "later_from_stations": check.slope,
        }
    found["season_adjusted"] = {"FR": found["season_adjusted"]["FR"]}
    closeness = read(database, CLOSENESS)
    errors = fits.loc["predictive"].query("window_code == @LATER")["hold_out_cv_rmse_pct"].sort_index().drop("FR")
    return {
        "before_2016": found,
        "no_change_before_2016": bool(((changes.low < 0) & (changes.high > 0)).all()),
        "stations_correlation_at_least": closeness["correlation"].min(),
        "stations_difference_c": [closeness["difference_c"].min(), closeness["difference_c"].max()],
        "predictive_with_wind_pct": {"median": errors.median(), "worst": errors.max()},
    }


@click.command(help=__doc__)
@click.option("--folder", type=click.Path(path_type=Path), help="Keeps the warehouses for another run.")
@click.option("--write", is_flag=True, help="Keeps what docs state in docs/results.")
def main(folder: Path | None, write: bool) -> None:
    """Print what docs state of it."""
    with tempfile.TemporaryDirectory() as scratch:
        place = folder or Path(scratch)
        database, control = fitted(place, "stations"), fitted(place, "control", first_published="2020-01-01")
        found = results(database, control)
    print(json.dumps(kept(found), indent=2))
    if write:
        write_results("stations", found)


if __name__ == "__main__":
    main()
