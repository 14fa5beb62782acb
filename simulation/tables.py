"""The simulated datasets as Arrow tables in the form of the portal's own Parquet exports, and the truth beside them.

Instants are naive UTC, `date` and `heure` are Paris-local text, values are whole MW, rows come in no order.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from simulation import parameters
from simulation.calendars import Calendar
from simulation.defects import NO_STATUS, STATUSES, Defect, PublishedLoad, PublishedTemperature
from simulation.load import AUTUMN_REPEATED_SLOTS, TrueLoad, by_half_hour, hours_of_days, local_daily_mean
from simulation.parameters import REGIONS, SLOTS_PER_DAY, Days, Floats, Ints
from simulation.seeds import named_regions
from simulation.tabulate import text_column, whole_numbers

CODES = (*(r.code for r in REGIONS), parameters.CORSE_CODE)
LABELS_FR = (*(r.label_fr for r in REGIONS), named_regions()[parameters.CORSE_CODE].label_fr)
CLOCK_TIMES = [f"{slot // 2:02d}:{30 * (slot % 2):02d}" for slot in range(SLOTS_PER_DAY)]
UNPUBLISHED_BALANCE_REGIONS = {"lose": ("32", "44", "76", "93"), "gain": ("11", "84")}


def slot_instants(calendar: Calendar) -> Days:
    """Return the UTC instant published with each local clock time, shape (days, 48).

    Spring's phantom half-hours carry the instants of the hour after; autumn's repeated hour is its second occurrence.
    """
    days, springs = calendar.days, set(calendar.spring_days)
    offset_h = np.ones((len(days), SLOTS_PER_DAY), dtype=np.int64)
    for spring, autumn in zip(sorted(springs), calendar.autumn_days, strict=True):
        offset_h[spring + 1 : autumn] = 2
        offset_h[spring, 6:] = 2
        offset_h[autumn, : AUTUMN_REPEATED_SLOTS[0]] = 2
    local = days[:, None].astype("datetime64[m]") + (30 * np.arange(SLOTS_PER_DAY)).astype("timedelta64[m]")
    instants: Days = local - offset_h.astype("timedelta64[h]")
    return instants.astype("datetime64[us]")


def published_date_texts(calendar: Calendar) -> tuple[list[str], list[bool]]:
    """Return each day's `date` as published, and whether its day and month are swapped: the last year is right."""
    last_year = calendar.days[-1].astype(object).year
    texts, swapped = [], []
    for day in calendar.days.tolist():
        is_swapped = day.year < last_year and day.day <= 12 and day.day != day.month
        texts.append(f"{day.year}-{day.day:02d}-{day.month:02d}" if is_swapped else day.isoformat())
        swapped.append(is_swapped)
    return texts, swapped


def gas_loads(rng: np.random.Generator, smoothed: Floats) -> tuple[Floats, Floats]:
    """Return gas of the two carriers in MW at full hours, NaN elsewhere, shape (12, days, 48)."""
    cold = np.maximum(16 - smoothed[: len(REGIONS)], 0)
    daily = 0.45 + 0.55 * cold / cold.mean(axis=1, keepdims=True)
    daily *= 1 + 0.04 * rng.standard_normal(daily.shape)
    gas = daily[:, :, None] * by_half_hour(parameters.HEATING_BY_HOUR)
    gas *= np.array([r.gas_mean_mw for r in REGIONS])[:, None, None]
    gas[:, :, 1::2] = np.nan
    share = np.array([r.terega_share for r in REGIONS])[:, None, None]
    return np.round(gas * (1 - share)), np.where(share > 0, np.round(gas * share), np.nan)


def load_table(
    rng: np.random.Generator, calendar: Calendar, published: PublishedLoad, gas: tuple[Floats, Floats]
) -> pa.Table:
    """Return `consommation-quotidienne-brute-regionale`: 12 regions, 48 rows a local day."""
    days = len(calendar.days)
    # No order of days and regions; the 48 rows of a day stay together, which keeps shuffling cheap.
    blocks = rng.permutation(len(REGIONS) * days)
    rows = (blocks[:, None] * SLOTS_PER_DAY + np.arange(SLOTS_PER_DAY)).ravel()
    region, day, slot = np.unravel_index(rows, published.load.shape)
    dates, _ = published_date_texts(calendar)
    natran, terega = (values.ravel()[rows] for values in gas)
    total_gas = np.where(np.isnan(terega), natran, natran + terega)
    load = published.load.ravel()[rows]
    return pa.table(
        {
            "date_heure": pa.array(slot_instants(calendar).ravel()[day * SLOTS_PER_DAY + slot]),
            "date": text_column(dates, day),
            "heure": text_column(CLOCK_TIMES, slot),
            "code_insee_region": text_column(CODES, region),
            "region": text_column(LABELS_FR, region),
            "consommation_brute_gaz_grtgaz": whole_numbers(natran),
            "statut_grtgaz": text_column(STATUSES, np.where(np.isnan(natran), NO_STATUS, 0)),
            "consommation_brute_gaz_terega": whole_numbers(terega),
            "statut_terega": text_column(STATUSES, np.where(np.isnan(terega), NO_STATUS, 0)),
            "consommation_brute_gaz_totale": whole_numbers(total_gas),
            "consommation_brute_electricite_rte": whole_numbers(load),
            "statut_rte": text_column(STATUSES, published.status.ravel()[rows]),
            "consommation_brute_totale": whole_numbers(total_gas + load),
            "flag_ignore": text_column(["non", "oui"], published.is_ignored.ravel()[rows].astype(np.int64)),
        }
    )


def temperature_table(rng: np.random.Generator, days: Days, published: PublishedTemperature) -> pa.Table:
    """Return `temperature-quotidienne-regionale`: 13 regions, a row a day, codes as integers like the portal's."""
    region, day = np.nonzero(np.broadcast_to(published.is_day_published, published.tmoy.shape))
    order = rng.permutation(len(day))
    region, day = region[order], day[order]
    dates = days[day]
    return pa.table(
        {
            "id": [f"{date}T00:00:00-{CODES[r]}" for date, r in zip(dates.astype(str), region, strict=True)],
            "date": pa.array(dates),
            "code_insee_region": pa.array(np.array(CODES, dtype=np.int64)[region]),
            "region": text_column(LABELS_FR, region),
            "tmin": pa.array(published.tmin[region, day]),
            "tmax": pa.array(published.tmax[region, day]),
            "tmoy": pa.array(published.tmoy[region, day]),
        }
    )


def annual_energies(calendar: Calendar, true_load: TrueLoad) -> tuple[Ints, Floats]:
    """Return the years and the true energy of each region in each, noise included, GWh, shape (12, years)."""
    daily_gwh = local_daily_mean(calendar, true_load.load) * hours_of_days(calendar) / 1000
    year_of_day = calendar.days.astype("datetime64[Y]").astype(np.int64) + 1970
    years = np.unique(year_of_day)
    return years, np.stack([daily_gwh[:, year_of_day == year].sum(axis=1) for year in years], axis=1)


def published_energies(rng: np.random.Generator, years: Ints, true_gwh: Floats) -> tuple[Floats, list[Defect]]:
    """Return what the yearly file says: right but for three regions in two years, whose differences cancel out."""
    published = true_gwh.copy()
    for year in rng.choice(len(years), size=2, replace=False):
        losers = rng.choice(UNPUBLISHED_BALANCE_REGIONS["lose"], size=2, replace=False)
        moved = 0.0
        for code in losers:
            region = CODES.index(code)
            part = true_gwh[region, year] * rng.uniform(0.012, 0.018)
            published[region, year] -= part
            moved += part
        published[CODES.index(str(rng.choice(UNPUBLISHED_BALANCE_REGIONS["gain"]))), year] += moved
    published = np.round(published)
    defects = [
        Defect(
            "annual_energy_against_published",
            CODES[region],
            int((np.datetime64(f"{years[year]}-01-01") - np.datetime64(f"{years[0]}-01-01")).astype(np.int64)),
            None,
            float(published[region, year]),
            float(true_gwh[region, year]),
        )
        for region, year in np.argwhere(np.abs(published / true_gwh - 1) > 0.005)
    ]
    return published, defects


def annual_table(rng: np.random.Generator, years: Ints, published_gwh: Floats) -> pa.Table:
    """Return `consommation-annuelle-brute-regionale`: 13 regions by year, whole GWh of electricity."""
    corse = np.round(parameters.CORSE_ENERGY_GWH * (1 + 0.02 * rng.standard_normal(len(years))))
    values = np.vstack([published_gwh, corse])
    rows = rng.permutation(values.size)
    region, year = np.unravel_index(rows, values.shape)
    status = np.where(years[year] == years[-1], 1, 0)
    return pa.table(
        {
            "annee": pa.array(years[year]),
            "code_insee_region": text_column(CODES, region),
            "region": text_column(LABELS_FR, region),
            "consommation_brute_electricite_rte": whole_numbers(values.ravel()[rows]),
            "statut_rte": text_column(STATUSES, status),
        }
    )


def defect_table(calendar: Calendar, defects: Sequence[Defect]) -> pa.Table:
    """Return the planted defects, one row each; instants are UTC, null where the defect is of a day or a year."""
    instants = slot_instants(calendar)
    day = np.array([d.day for d in defects])
    slot = np.array([-1 if d.slot is None else d.slot for d in defects])
    at = instants[np.clip(day, 0, None), np.clip(slot, 0, None)]
    # The repeated hour published is the second one; the one lost came an hour before.
    is_lost = np.array([d.reason_code == "autumn_hour_not_published" for d in defects])
    at = np.where(is_lost, at - np.timedelta64(1, "h"), at)
    return pa.table(
        {
            "reason_code": [d.reason_code for d in defects],
            "region_code": [d.region_code for d in defects],
            "date_day": pa.array(calendar.days[0] + day),
            "period_start_at_utc": pa.array(at, mask=slot < 0).cast(pa.timestamp("us", tz="UTC")),
            "published_local_time": pa.array(
                [None if s < 0 or lost else CLOCK_TIMES[s] for s, lost in zip(slot, is_lost, strict=True)], pa.string()
            ),
            "value_published": pa.array([d.published for d in defects], pa.float64()),
            "value_true": pa.array(
                [None if d.true is None or np.isnan(d.true) else d.true for d in defects], pa.float64()
            ),
        }
    )


def swapped_date_defects(calendar: Calendar) -> list[Defect]:
    """Return one defect for each region and day whose `date` has day and month swapped."""
    _, swapped = published_date_texts(calendar)
    return [
        Defect("published_date_different", region.code, int(day))
        for region in REGIONS
        for day in np.flatnonzero(swapped)
    ]


def truth_tables(calendar: Calendar, true_load: TrueLoad, smoothed: Floats) -> dict[str, pa.Table]:
    """Return what the load was made from: `regions`, `days` and `hours`."""
    slopes, count = true_load.slopes, len(calendar.days)
    region, day = (axis.ravel() for axis in np.indices((len(REGIONS), count)))
    classes = [calendar.classes[r.school_zone][d] for r in REGIONS for d in range(count)]
    return {
        "regions": pa.table(
            {
                "region_code": [r.code for r in REGIONS],
                "heating_slope_mw_per_c": slopes.heating_slope,
                "heating_balance_point_c": slopes.heating_balance_point,
                "cooling_slope_mw_per_c": slopes.cooling_slope,
                "cooling_balance_point_c": slopes.cooling_balance_point,
            }
        ),
        "days": pa.table(
            {
                "region_code": text_column(CODES, region),
                "date_day": pa.array(calendar.days[day]),
                "season_regime_code": pa.array(calendar.regimes).take(pa.array(day)),
                "day_class_code": classes,
                "temperature_smoothed_c": smoothed[: len(REGIONS)].ravel(),
                "load_without_temperature_mw": true_load.level.ravel(),
                "load_noise_free_mean_mw": local_daily_mean(calendar, true_load.noise_free).ravel(),
                "load_mean_mw": local_daily_mean(calendar, true_load.load).ravel(),
            }
        ),
        "hours": pa.table(
            {
                "local_time": CLOCK_TIMES,
                "heating_factor": by_half_hour(parameters.HEATING_BY_HOUR),
                "cooling_factor": by_half_hour(parameters.COOLING_BY_HOUR),
            }
        ),
    }
