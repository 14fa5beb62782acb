"""The simulated sources: in the portals' form, the same for a seed, true to their formula, defects findable by rule."""

import datetime as dt
import hashlib
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dataelec.errors import DataElecError
from loaders.catalog import CATALOG
from loaders.lake import Lake
from loaders.landing import land_tables
from simulation import DEFAULT_SEED, Simulation, simulate, write_sample, writer
from simulation.load import spread_over_the_day
from simulation.simulation import (
    ANNUAL_DATASET,
    LOAD_DATASET,
    TEMPERATURE_DATASET,
    draw_background,
    publish_regions,
)

PARIS = ZoneInfo("Europe/Paris")
SEED = 7


# Two at most are held: each takes 120 MB.
@lru_cache(maxsize=2)
def simulated(seed: int = SEED) -> Simulation:
    """Load, temperature and yearly totals alone: `test_sources` has the rest."""
    return publish_regions(draw_background(seed))


def digest(simulation: Simulation) -> str:
    sha = hashlib.sha256()
    for name, table in sorted((simulation.tables | simulation.truth).items()):
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        sha.update(name.encode() + sink.getvalue().to_pybytes())
    return sha.hexdigest()


@lru_cache(maxsize=1)
def load_frame(seed: int = SEED) -> pd.DataFrame:
    """Load rows with their true local clock beside the published one."""
    frame = simulated(seed).tables[LOAD_DATASET].to_pandas()
    local = frame.date_heure.dt.tz_localize("UTC").dt.tz_convert(PARIS)
    return frame.assign(local_time=local.dt.strftime("%H:%M"), date_day=local.dt.tz_localize(None).dt.normalize())


def truth_days(seed: int = SEED) -> pd.DataFrame:
    days = simulated(seed).truth["days"].to_pandas().merge(simulated(seed).truth["regions"].to_pandas())
    days["date_day"] = pd.to_datetime(days.date_day)
    heating = np.maximum(days.heating_balance_point_c - days.temperature_smoothed_c, 0)
    cooling = np.maximum(days.temperature_smoothed_c - days.cooling_balance_point_c, 0)
    return days.assign(heating_c=heating, cooling_c=cooling)


def defects(*codes: str, seed: int = SEED) -> pd.DataFrame:
    frame = simulated(seed).truth["defects"].to_pandas()
    return frame[frame.reason_code.isin(codes)]


def last_sunday(year: int, month: int) -> pd.Timestamp:
    day = dt.date(year, month, 31)
    return pd.Timestamp(day - dt.timedelta(days=day.isoweekday() % 7))


def test_a_seed_gives_the_same_tables_again() -> None:
    assert digest(publish_regions(draw_background(SEED))) == digest(simulated())


def test_another_seed_gives_other_dates_noise_and_slopes() -> None:
    one, other = simulated().truth, simulated(1).truth
    assert set(defects("spike").date_day) != set(defects("spike", seed=1).date_day)
    for table, column in (("regions", "heating_slope_mw_per_c"), ("days", "load_mean_mw")):
        equal = np.isclose(one[table][column].to_numpy(), other[table][column].to_numpy())
        assert equal.mean() < 0.01, "only by chance"


def test_fewer_than_four_years_are_refused() -> None:
    with pytest.raises(ValueError, match="3 years are too few"):
        simulate(SEED, years=3)


def test_tables_have_the_columns_and_types_of_the_portals_parquet() -> None:
    load, temperature = (simulated().tables[name].schema for name in (LOAD_DATASET, TEMPERATURE_DATASET))
    assert load.field("date_heure").type == pa.timestamp("us"), "naive UTC, as the portal writes it"
    assert load.names == [
        "date_heure",
        "date",
        "heure",
        "code_insee_region",
        "region",
        "consommation_brute_gaz_grtgaz",
        "statut_grtgaz",
        "consommation_brute_gaz_terega",
        "statut_terega",
        "consommation_brute_gaz_totale",
        "consommation_brute_electricite_rte",
        "statut_rte",
        "consommation_brute_totale",
        "flag_ignore",
    ]
    assert temperature.names == ["id", "date", "code_insee_region", "region", "tmin", "tmax", "tmoy"]
    assert temperature.field("date").type == pa.date32()
    assert temperature.field("code_insee_region").type == pa.int64()


def test_the_period_is_whole_years_with_48_rows_a_region_and_local_day() -> None:
    frame = load_frame()
    assert (simulated().first_day, simulated().last_day) == (dt.date(2019, 1, 1), dt.date(2023, 12, 31))
    sizes = frame.groupby(["code_insee_region", "date_day"]).size()
    assert (sizes == 48).all()
    assert len(sizes) == 12 * 1826
    assert not frame.date_heure.is_monotonic_increasing


def test_clock_time_agrees_with_the_instant_but_for_springs_phantoms() -> None:
    frame = load_frame()
    phantom = frame[frame.heure != frame.local_time]
    assert set(phantom.date_day) == {last_sunday(year, 3) for year in range(2019, 2024)}
    assert set(zip(phantom.heure, phantom.local_time, strict=True)) == {("02:00", "03:00"), ("02:30", "03:30")}
    assert len(phantom) == 5 * 12 * 2 == len(defects("phantom_hour"))
    assert not frame.duplicated(["code_insee_region", "date_heure", "heure"]).any()


def test_autumn_lacks_the_first_of_the_two_repeated_hours() -> None:
    lost = defects("autumn_hour_not_published")
    assert len(lost) == 5 * 12 * 2
    local = lost.period_start_at_utc.dt.tz_convert(PARIS)
    assert set(local.dt.strftime("%H:%M%z")) == {"02:00+0200", "02:30+0200"}
    assert not set(lost.period_start_at_utc.dt.tz_localize(None)) & set(load_frame().date_heure)


def test_day_and_month_are_swapped_exactly_where_the_truth_says() -> None:
    frame = load_frame()
    days = frame[frame.date != frame.date_day.dt.strftime("%Y-%m-%d")]
    as_swapped = pd.to_datetime(days.date, format="%Y-%d-%m")
    assert (as_swapped == days.date_day).all()
    found = set(zip(days.code_insee_region, days.date_day.dt.date, strict=True))
    planted = defects("published_date_different")
    assert found == set(zip(planted.region_code, planted.date_day, strict=True))
    assert len(found) > 5_000


def test_gas_stands_at_full_hours_and_terega_in_three_regions() -> None:
    frame = load_frame()
    gas = frame[frame.consommation_brute_gaz_grtgaz.notna()]
    assert set(gas.heure.str[3:]) == {"00"}
    assert set(frame[frame.consommation_brute_gaz_terega.notna()].code_insee_region) == {"75", "76", "84"}
    assert frame.statut_grtgaz.notna().equals(frame.consommation_brute_gaz_grtgaz.notna())


RULES = """
with flagged as (
    select
        code_insee_region as region, date_heure as instant,
        consommation_brute_electricite_rte::double as mw,
        (date_heure at time zone 'UTC') at time zone 'Europe/Paris' as local_at,
        case
            when heure <> strftime((date_heure at time zone 'UTC') at time zone 'Europe/Paris', '%H:%M')
                then 'phantom_hour'
            when flag_ignore = 'oui' then 'ignored_by_publisher'
            when mw is null and statut_rte is not null then 'placeholder'
            when mw is null then 'missing_value'
        end as code
    from load
),
shares as (select *, mw / sum(mw) over (partition by instant) as share from flagged where code is null),
ratios as (
    select *, share / median(share) over (
        partition by region, date_trunc('month', local_at), strftime(local_at, '%H:%M')
    ) as share_ratio
    from shares
),
scrambled as (
    select instant from ratios where share_ratio not between 0.8 and 1.25 group by instant having count(*) >= 3
),
neighbours as (
    select *, mw / lag(mw) over w as to_last, mw / lead(mw) over w as to_next
    from ratios where instant not in (from scrambled) window w as (partition by region order by instant)
)
select region, instant, code from flagged where code is not null
union all
select region, instant, 'other_region_values' from ratios where instant in (from scrambled)
union all
select region, instant, 'spike' from neighbours
where (to_last > 1.25 and to_next > 1.25) or (to_last < 0.8 and to_next < 0.8)
"""
HALF_HOUR_CODES = (
    "phantom_hour",
    "ignored_by_publisher",
    "placeholder",
    "missing_value",
    "other_region_values",
    "spike",
)


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (2, 3, 4, 5))])
def test_rules_find_what_was_planted_and_nothing_else(seed: int) -> None:
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.register("load", simulated(seed).tables[LOAD_DATASET])
        rows = connection.execute(RULES).fetchall()
    planted = defects(*HALF_HOUR_CODES, seed=seed)
    at = planted.period_start_at_utc.dt.tz_localize(None).dt.to_pydatetime()
    keys = set(zip(planted.region_code, at, planted.reason_code, strict=True))
    for code in HALF_HOUR_CODES:
        expected, found = ({key for key in of if key[2] == code} for of in (keys, rows))
        assert len(expected) >= 12, code
        both = len(expected & found)
        assert both >= 0.99 * len(expected), f"{code}: missed {sorted(expected - found)[:5]}"
        assert both >= 0.99 * len(found), f"{code}: wrongly found {sorted(found - expected)[:5]}"


def test_values_not_planted_are_the_true_ones() -> None:
    frame = load_frame()
    daily = frame.groupby(["code_insee_region", "date_day"]).consommation_brute_electricite_rte.mean()
    true = truth_days().set_index(["region_code", "date_day"]).load_mean_mw
    spoilt = defects(*HALF_HOUR_CODES, "autumn_hour_not_published")
    spoilt_days = set(zip(spoilt.region_code, pd.to_datetime(spoilt.date_day), strict=True))
    difference = (daily.rename_axis(true.index.names) - true).dropna()
    is_spoilt = np.array([key in spoilt_days for key in difference.index])
    assert difference[~is_spoilt].abs().max() < 1e-6
    assert difference[is_spoilt].abs().max() > 1


def test_noise_free_days_follow_the_formula() -> None:
    days = truth_days()
    expected = (
        days.load_without_temperature_mw
        + days.heating_slope_mw_per_c * days.heating_c
        + days.cooling_slope_mw_per_c * days.cooling_c
    )
    has_24_hours = ~days.date_day.isin([last_sunday(y, m) for y in range(2019, 2024) for m in (3, 10)])
    assert np.allclose(days.load_noise_free_mean_mw[has_24_hours], expected[has_24_hours], rtol=1e-12)
    assert not np.allclose(days.load_noise_free_mean_mw[~has_24_hours], expected[~has_24_hours], rtol=1e-5)


def test_each_calendar_cell_has_one_level() -> None:
    cells = truth_days().groupby(["region_code", "season_regime_code", "day_class_code"])
    assert cells.load_without_temperature_mw.agg(np.ptp).max() < 1e-9


def test_sobriety_lowers_the_level_and_not_the_slope() -> None:
    days = truth_days()[lambda frame: frame.day_class_code == "midweek"]
    level = days.groupby("season_regime_code").load_without_temperature_mw.mean()
    assert {"2022a", "2022b"} <= set(level.index)
    assert level["2022b"] / level["2022a"] == pytest.approx(0.952, abs=0.025)


def test_smoothed_temperature_comes_from_the_published_one() -> None:
    table = simulated().tables[TEMPERATURE_DATASET].to_pandas()
    paris = table[table.code_insee_region == 11].set_index(pd.to_datetime(table.date[table.code_insee_region == 11]))
    t = paris.tmoy.sort_index().asfreq("D")
    smoothed = ((t + 0.5 * t.shift(1) + 0.25 * t.shift(2)) / 1.75).dropna()
    true = truth_days()[lambda frame: frame.region_code == "11"].set_index("date_day").temperature_smoothed_c
    both = smoothed.index.intersection(true.index)
    assert len(both) > 1_750
    assert np.allclose(smoothed[both], true[both], rtol=0, atol=1e-9)


def test_temperature_has_the_portals_gaps_and_inconsistent_rows() -> None:
    table = simulated().tables[TEMPERATURE_DATASET].to_pandas()
    assert table.groupby("code_insee_region").size().nunique() == 1
    assert table.code_insee_region.nunique() == 13
    assert table.date.min() < simulated().first_day
    everyday = pd.date_range(table.date.min(), simulated().last_day)
    missing = everyday.difference(pd.to_datetime(table.date.unique()))
    planted = defects("temperature_interpolated", "temperature_missing")
    assert set(missing.date) == set(planted.date_day)
    assert 12 <= len(missing) <= 16
    assert sum((b - a).days == 1 for a, b in pairwise(missing)) == 1
    assert table.tmin.min() >= -12
    assert table.tmax.max() <= 42
    apart = (table.tmoy - (table.tmin + table.tmax) / 2).abs()
    assert (apart > 0.0051).sum() == 7 == len(defects("temperature_mean_inconsistent"))


def test_yearly_totals_are_the_true_energy_but_where_written_down() -> None:
    annual = simulated().tables[ANNUAL_DATASET].to_pandas()
    assert len(annual) == 13 * 5
    days = truth_days()
    instants = [days.date_day, days.date_day + pd.Timedelta(days=1)]
    start, end = (at.dt.tz_localize(PARIS) for at in instants)
    days["gwh"] = days.load_mean_mw * (end - start).dt.total_seconds() / 3.6e6
    true = days.groupby(["region_code", days.date_day.dt.year]).gwh.sum()
    published = annual.set_index(["code_insee_region", "annee"]).consommation_brute_electricite_rte
    published = published[published.index.get_level_values(0) != "94"].rename_axis(true.index.names)
    difference = published / true - 1
    planted = defects("annual_energy_against_published")
    keys = list(zip(planted.region_code, pd.to_datetime(planted.date_day).dt.year, strict=True))
    assert len(keys) == 6
    assert difference[keys].abs().between(0.01, 0.03).all()
    assert (published.drop(keys) - true.drop(keys)).abs().max() <= 0.5 + 1e-6
    assert (published.groupby(level=1).sum() / true.groupby(level=1).sum() - 1).abs().max() < 0.0005


def test_noise_has_the_size_and_memory_of_real_residuals() -> None:
    days = truth_days()
    days["noise"] = days.load_mean_mw - days.load_noise_free_mean_mw
    cells = days.groupby(["region_code", "season_regime_code", "day_class_code"]).noise
    days["left"] = days.noise - cells.transform("mean")
    for code, region in days.groupby("region_code"):
        left = region.left.to_numpy()
        assert 3 <= 100 * left.std() / region.load_mean_mw.mean() <= 7.5, code
        assert 0.7 <= (left[1:] * left[:-1]).sum() / (left**2).sum() <= 0.87, code
    correlation = days.pivot(index="date_day", columns="region_code", values="left").corr().to_numpy()
    assert 0.55 <= correlation[np.triu_indices(12, 1)].mean() <= 0.8


def test_spreading_over_the_day_keeps_its_mean_and_leaves_no_step_at_midnight() -> None:
    daily = np.array([[0.0, 10.0, -4.0, 3.0]])
    spread = spread_over_the_day(daily)
    assert np.allclose(spread.mean(axis=2), daily)
    assert np.abs(spread[0, 1:, 0] - spread[0, :-1, -1]).max() < 1


def tree(folder: Path) -> dict[str, tuple[str, int]]:
    """Hash and change time of every file below a folder."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != ".lock")
    return {
        str(path.relative_to(folder)): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in files
    }


def hashes(folder: Path) -> dict[str, str]:
    return {path: sha for path, (sha, _) in tree(folder).items()}


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the writer land a few rows of each table: what is tested is when it writes."""

    def simulate_few(seed: int) -> Simulation:
        whole = simulated(seed)
        return replace(whole, tables={name: table.slice(0, 500) for name, table in whole.tables.items()})

    monkeypatch.setattr(writer, "simulate", simulate_few)


@pytest.mark.slow
def test_another_process_writes_the_same_bytes(tmp_path: Path, sample_lake: Path) -> None:
    assert write_sample(str(tmp_path), DEFAULT_SEED)
    assert hashes(tmp_path) == hashes(sample_lake)


def test_the_whole_sample_lands(sample_lake: Path) -> None:
    assert sum(path.stat().st_size for path in sample_lake.rglob("*") if path.is_file()) < 60e6
    for dataset in CATALOG.values():
        files = f"{sample_lake}/{dataset.folder}/**/*.parquet"
        rows = duckdb.execute(f"select count(*), bool_and(_is_simulated) from '{files}'").fetchall()
        assert rows[0][0] > 0, dataset.dataset_id
        assert rows[0][1] is True, dataset.dataset_id


def test_the_other_datasets_leave_the_load_alone(sample_lake: Path) -> None:
    alone = publish_regions(draw_background(DEFAULT_SEED))
    for name, table in alone.truth.items():
        assert pq.read_table(sample_lake / f"_truth/{name}.parquet").equals(table)
    for dataset, table in alone.tables.items():
        landed = duckdb.execute(f"select count(*) from '{sample_lake}/odre/{dataset}/**/*.parquet'").fetchall()
        assert landed == [(table.num_rows,)]


@pytest.mark.usefixtures("small")
def test_the_same_seed_touches_nothing_and_another_replaces_all(tmp_path: Path) -> None:
    lake, fresh = tmp_path / "lake", tmp_path / "fresh"
    assert write_sample(str(lake), SEED)
    before = tree(lake)
    assert not write_sample(str(lake), SEED)
    assert tree(lake) == before
    assert write_sample(str(lake), 1)
    assert write_sample(str(fresh), 1)
    assert {path: sha for path, sha in hashes(lake).items() if not path.startswith("_superseded")} == hashes(fresh)


@pytest.mark.usefixtures("small")
def test_an_interrupted_sample_is_written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    write_sample(str(tmp_path), 1)
    with monkeypatch.context() as killed:
        killed.setattr(writer, "write_truth", die)
        with pytest.raises(KeyboardInterrupt):
            write_sample(str(tmp_path), SEED)
    assert write_sample(str(tmp_path), 1), "the lake holds rows of the other seed by now"
    assert not write_sample(str(tmp_path), 1)


@pytest.mark.usefixtures("small")
def test_another_simulator_version_writes_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_sample(str(tmp_path), SEED)
    monkeypatch.setattr(writer, "SIMULATOR_VERSION", writer.SIMULATOR_VERSION + 1)
    assert write_sample(str(tmp_path), SEED)


def test_a_lake_of_real_data_is_refused_and_left_alone(tmp_path: Path) -> None:
    few = simulated().tables[TEMPERATURE_DATASET].slice(0, 10)
    at = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    land_tables(Lake(str(tmp_path)), {TEMPERATURE_DATASET: few}, is_simulated=False, loaded_at=at, vintage_at=at)
    before = tree(tmp_path)
    with pytest.raises(DataElecError, match="holds real rows"):
        write_sample(str(tmp_path), SEED)
    assert tree(tmp_path) == before
