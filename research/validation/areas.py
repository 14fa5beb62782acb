"""Slopes and ranks below the region against a planted truth: `python -m research.validation.areas`.

Communes are made up: homes by region, a true slope that is the key times a quality that the key does not see, meters
in the larger communes. They run through the SQL that dbt compiled. What is judged: errors of what is shared out,
measured and shrunk; how often the interval of a rank holds the true rank; whether noise alone is ever ranked.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd

from research.project import PROJECT, REAL_DATA
from research.validation.markdown import as_markdown
from research.validation.observed import Observed, compile_only

Floats = npt.NDArray[np.float64]

FOLDER, MARTS = "models/marts/area", ("area_sensitivity", "insulation_priority")
REGION_COUNT, DEPARTEMENTS_PER_REGION, COMMUNES_PER_EPCI = 12, 8, 28
BASE_W, HOUSE_W_PER_M2, FLAT_W_PER_M2 = 15.0, 1.5, 0.9
FLOOR_AREAS = (22, 35, 50, 70, 90, 110, 150)
"""What `assumed_floor_areas` takes a dwelling of each class for."""
CLASSES = ("under_30", "30_to_39", "40_to_59", "60_to_79", "80_to_99", "100_to_119", "120")
LEVEL, TENTH = 0.9, 0.1


@dataclass(frozen=True)
class World:
    """What is planted: spread of quality, error of a year's meters (floor, and variance times sites), of regions."""

    communes: int = 1_500
    seed: int = 1
    quality_spread: float = 0.25
    measured_share: float = 0.29
    hidden_share: float = 0.0
    """Of the measured communes, those whose measurement is taken away."""
    years: int = 3
    meter_floor: float = 0.05
    meter_sites: float = 40.0
    region_error: float = 0.01
    is_uniform: bool = False
    """All communes alike, their meters apart."""


@dataclass(frozen=True)
class Truth:
    """The communes and what is true of them; `tables` are the models' inputs by name, the communes among them."""

    communes: pd.DataFrame
    tables: dict[str, pd.DataFrame]


def draw(world: World) -> Truth:
    """Draw communes, their true slopes and what is published of them."""
    rng = np.random.default_rng(world.seed)
    count = world.communes
    region = np.arange(count) % REGION_COUNT
    departement = region * DEPARTEMENTS_PER_REGION + (np.arange(count) // REGION_COUNT) % DEPARTEMENTS_PER_REGION
    order = np.lexsort((np.arange(count), departement))
    epci = np.empty(count, dtype=np.int64)
    epci[order] = np.arange(count) // COMMUNES_PER_EPCI
    if world.is_uniform:
        mains, electric_share, house = np.full(count, 1_000.0), np.full(count, 0.3), np.full(count, 0.7)
    else:
        mains = np.maximum(np.round(rng.lognormal(np.log(220), 1.3, count)), 8)
        electric_share = np.clip(
            rng.uniform(0.15, 0.45, REGION_COUNT)[region] * rng.uniform(0.6, 1.4, count), 0.03, 0.9
        )
        house = np.clip(rng.normal(0.8, 0.15, count) - 0.06 * np.log(mains / 220), 0.05, 0.99)
    electric = mains * electric_share
    classes = np.stack([_class_counts(share, number) for share, number in zip(house, mains, strict=True)])
    area = classes @ np.array(FLOOR_AREAS) / classes.sum(axis=1)
    key = BASE_W * 1.2 * mains + electric * area * (house * HOUSE_W_PER_M2 + (1 - house) * FLAT_W_PER_M2)
    quality = np.ones(count) if world.is_uniform else rng.lognormal(0, world.quality_spread, count)
    true = key * quality
    communes = pd.DataFrame(
        {
            "commune_code": [f"{number:05d}" for number in range(count)],
            "region_code": [f"{number + 1:02d}" for number in region],
            "departement_code": [f"{number + 101:03d}" for number in departement],
            "epci_code": [f"2{number:08d}" for number in epci],
            "electric": electric,
            "key": key,
            "true": true,
        }
    )
    sites = np.round(1.15 * mains)
    communes["is_measured"] = sites >= np.quantile(sites, 1 - world.measured_share)
    communes["is_hidden"] = communes.is_measured & (rng.random(count) < world.hidden_share)
    meters = _meters(rng, world, communes, sites)
    region_true = communes.groupby("region_code").true.sum()
    region_slope = region_true * rng.normal(1, world.region_error, len(region_true)) / 1e6
    tables = {
        "communes": communes,
        "fct_commune_housing": _housing(communes, mains, house, electric, classes),
        "stg_enedis__annual_commune_thermosensitivities": meters,
        "weather_sensitivity": pd.DataFrame(
            {
                "territory_level_code": "region",
                "territory_code": region_slope.index,
                "client_type_code": "enedis_residential",
                "window_code": "all",
                "specification_code": "common",
                "heating_fit_status": "qualified",
                "heating_slope_mw_per_c": region_slope.to_numpy(),
                "heating_slope_mw_per_c_se": region_slope.to_numpy() * world.region_error,
                "heating_slope_mw_per_c_ci95_low": region_slope.to_numpy() * (1 - 2 * world.region_error),
                "heating_slope_mw_per_c_ci95_high": region_slope.to_numpy() * (1 + 2 * world.region_error),
                "is_simulated": True,
            }
        ),
    }
    return Truth(communes, tables)


def _class_counts(house_share: float, number: float) -> Floats:
    houses = np.array([0.01, 0.02, 0.08, 0.19, 0.27, 0.21, 0.22])
    flats = np.array([0.13, 0.11, 0.27, 0.30, 0.12, 0.04, 0.03])
    return np.asarray(number * (house_share * houses + (1 - house_share) * flats))


def _meters(rng: np.random.Generator, world: World, communes: pd.DataFrame, sites: Floats) -> pd.DataFrame:
    """Rows of the staging view, in units that are proved: kWh per degree day, none where not measured or hidden."""
    shape = (world.years, len(communes))
    noise = np.sqrt(world.meter_floor**2 + world.meter_sites / sites) * rng.standard_normal(shape)
    kwh = communes.true.to_numpy() * 24 / 1_000 * np.exp(noise)
    kwh[:, ~(communes.is_measured & ~communes.is_hidden).to_numpy()] = np.nan
    year, place = (axis.ravel() for axis in np.indices(shape))
    return pd.DataFrame(
        {
            "commune_code": communes.commune_code.to_numpy()[place],
            "calendar_year": 2021 + year,
            "consumption_category_code": "RES",
            "sector_code": "RESIDENTIEL",
            "thermosensitivity_kwh_per_dju": kwh.ravel(),
            "delivery_points_count": sites[place],
        }
    )


def _housing(communes: pd.DataFrame, mains: Floats, house: Floats, electric: Floats, classes: Floats) -> pd.DataFrame:
    ends = [f"main_dwellings_{name}_m2_count" for name in CLASSES[:-1]] + ["main_dwellings_120_m2_and_over_count"]
    return pd.DataFrame(
        {
            "commune_code": communes.commune_code,
            "census_year": 2021,
            "dwellings_count": 1.2 * mains,
            "main_dwellings_count": mains,
            "main_house_dwellings_count": mains * house,
            "main_flat_dwellings_count": mains * (1 - house),
            "electrically_heated_main_dwellings_count": electric,
            "electrically_heated_main_house_dwellings_count": electric * house,
            "electrically_heated_main_flat_dwellings_count": electric * (1 - house),
            **dict(zip(ends, classes.T, strict=True)),
            "is_simulated": True,
        }
    )


# Inputs that a made-up country leaves empty, or that follow from its communes.
_DERIVED = {
    "dim_communes": "select commune_code, departement_code, epci_code from communes",
    "dim_departements": "select distinct departement_code, region_code from communes",
    "dim_regions": "select distinct region_code from communes",
    "dim_territories": """
        select 'region' as territory_level_code, region_code as territory_code, region_code as territory_label_fr,
            'country' as parent_level_code, 'FR' as parent_code from (select distinct region_code from communes)
        union all select 'departement', departement_code, departement_code, 'region', region_code
        from (select distinct departement_code, region_code from communes)
        union all select 'epci', epci_code, epci_code, 'country', 'FR' from (select distinct epci_code from communes)
        union all select 'commune', commune_code, commune_code, 'departement', departement_code from communes
    """,
    "stg_enedis__annual_epci_thermosensitivities": """
        select null::varchar as epci_code, * exclude (commune_code)
        from stg_enedis__annual_commune_thermosensitivities where false
    """,
    "stg_enedis__annual_departement_consumptions": """
        select null::varchar as departement_code, null::varchar as region_code, null::int as calendar_year,
            null::double as residential_energy_published_mwh, null::double as residential_delivery_points_count,
            null::double as electric_heating_pct, null::double as flats_pct, null::double as main_residences_pct,
            null::double as dwellings_under_30_m2_pct, null::double as dwellings_30_to_40_m2_pct,
            null::double as dwellings_40_to_60_m2_pct, null::double as dwellings_60_to_80_m2_pct,
            null::double as dwellings_80_to_100_m2_pct, null::double as dwellings_over_100_m2_pct,
            null::boolean as _is_simulated where false
    """,
    "int_departement_degree_days_summed": """
        select departement_code, 2021 as calendar_year, 1800.0 as heating_degree_days_c_day
        from (select distinct departement_code from communes)
    """,
    "stg_ademe__energy_certificates": """
        select null::varchar as certificate_code, null::varchar as replaced_certificate_code,
            null::varchar as commune_code, null::double as heat_loss_w_per_k, null::varchar as energy_label_code,
            null::boolean as is_electric_heating where false
    """,
    "int_commune_successors_resolved": """
        select null::varchar as former_commune_code, null::varchar as commune_code from communes where false
    """,
    "weather_sensitivity_hourly": """
        select territory_level_code, territory_code, 'all' as client_type_code, 'all' as window_code, 19 as hour_of_day,
            1.14 as heating_hour_factor from weather_sensitivity
    """,
}
_SEEDS = {
    "code_labels": "labels/code_labels.csv",
    "priority_phrases": "sensitivity/priority_phrases.csv",
    "student_t_quantiles": "statistics/student_t_quantiles.csv",
}


def run_models(
    compiled: Observed, inputs_by_name: Mapping[str, pd.DataFrame | str], folder: Path, order_seed: int | None = None
) -> tuple[duckdb.DuckDBPyConnection, dict[str, float]]:
    """Run every model of the folder on inputs by name (rows or a query), `communes` among them, and what follows.

    Returns the connection and seconds by model. With a seed the rows come in another order.
    """
    models, inputs = compiled.models_below(FOLDER, MARTS)
    scratch = folder / compiled.database.name
    scratch.unlink(missing_ok=True)
    connection = duckdb.connect(
        scratch, config={"memory_limit": "700MB", "threads": 2, "temp_directory": str(folder / "spill")}
    )
    for schema in sorted({schema for schema, _ in inputs} | {model.schema for model in models}):
        connection.execute(f"create schema if not exists {schema}")
    for name, frame in inputs_by_name.items():
        if isinstance(frame, str):
            connection.execute(f"create table {name} as {frame}")
            continue
        connection.register("frame", frame if order_seed is None else frame.sample(frac=1, random_state=order_seed))
        connection.execute(f"create table {name} as from frame")
        connection.unregister("frame")
    for name, query in _DERIVED.items():
        connection.execute(f"create table if not exists {name} as {query}")
    for name, path in _SEEDS.items():
        connection.execute(f"create table {name} as from read_csv('{PROJECT / 'seeds' / path}', delim = ',')")
    for schema, name in inputs:
        connection.execute(f"create view {schema}.{name} as from main.{name}")
    seconds = {}
    for model in models:
        started = time.perf_counter()
        connection.execute(f"create table {model.relation} as {model.query}")
        seconds[model.name] = time.perf_counter() - started
    return connection, seconds


_ENEDIS_CSV = "enedis/consommation-electrique-par-secteur-dactivite-departement.csv"
_ORE_CSV = "ore/conso-elec-gaz-annuelle-par-secteur-dactivite-agregee-departement.ids.csv"
_SYNOP_PARQUET = "meteo/synop-daily-by-station_2013-2022.parquet"
_FLOOR_AREAS = (
    ("< 30", "under_30"),
    ("30 à 40", "30_to_40"),
    ("40 à 60", "40_to_60"),
    ("60 à 80", "60_to_80"),
    ("80 à 100", "80_to_100"),
    ("> 100", "over_100"),
)


def real_departements(compiled: Observed, real_data: Path) -> dict[str, pd.DataFrame | str]:
    """Enedis's départements of 2011-2017 with SYNOP by day, as inputs of the models; nothing below or beside them."""
    seeds = PROJECT / "seeds"
    degree_days = next(
        model
        for model in compiled.models_below("models/preparation/weather")[0]
        if model.name == "int_departement_degree_days_summed"
    )
    name = compiled.database_name
    with duckdb.connect(":memory:") as connection:
        connection.execute(
            f"attach ':memory:' as {name}; use {name}; create schema intermediate; create schema reference"
        )
        connection.execute(
            "create table intermediate.int_daily_station_weather_averaged as"
            " select station_code, date_day, case when observations_count >= 6 then temperature_mean_c end as"
            f" temperature_mean_c from '{real_data / _SYNOP_PARQUET}'"
        )
        for seed in ("synop_stations", "departement_centres"):
            connection.execute(
                f"create table reference.{seed} as from read_csv('{seeds}/territories/{seed}.csv', types ="
                " {'departement_code': 'varchar'})"
            )
        winters = connection.execute(degree_days.query).df()
    floors = ", ".join(
        f'"Superficie des logements {label} m2"::double as dwellings_{name}_m2_pct' for label, name in _FLOOR_AREAS
    )
    departements = f"read_csv('{seeds}/territories/departements.csv', all_varchar = true)"
    nothing = "from (select * from communes) where false"
    return {
        "communes": pd.DataFrame(
            {name: pd.Series(dtype=str) for name in ("commune_code", "departement_code", "epci_code", "region_code")}
        ),
        "dim_departements": f"select departement_code, region_code from {departements}",
        "dim_regions": f"select distinct region_code from {departements}",
        "dim_territories": f"""
            select 'departement' as territory_level_code, departement_code as territory_code,
                departement_label_fr as territory_label_fr, 'region' as parent_level_code, region_code as parent_code
            from {departements}
            union all select distinct 'region', region_code, region_code, 'country', 'FR' from {departements}
        """,
        "fct_commune_housing": "select null::varchar as commune_code, null::int as census_year, "
        + ", ".join(f"null::double as {name}" for name in _housing_columns())
        + ", null::boolean as is_simulated where false",
        "stg_enedis__annual_commune_thermosensitivities": "select null::varchar as commune_code,"
        " null::int as calendar_year, null::varchar as consumption_category_code, null::varchar as sector_code,"
        f" null::double as thermosensitivity_kwh_per_dju, null::double as delivery_points_count {nothing}",
        "weather_sensitivity": "select 'region' as territory_level_code, null::varchar as territory_code,"
        " null::varchar as client_type_code, null::varchar as window_code, null::varchar as specification_code,"
        " null::varchar as heating_fit_status, null::double as heating_slope_mw_per_c,"
        " null::double as heating_slope_mw_per_c_se, null::double as heating_slope_mw_per_c_ci95_low,"
        f" null::double as heating_slope_mw_per_c_ci95_high, false as is_simulated {nothing}",
        "int_departement_degree_days_summed": winters,
        "stg_enedis__annual_departement_consumptions": f"""
            select "Code département" as departement_code, "Code région" as region_code, "Année"::int as calendar_year,
                "Conso totale Résidentiel (MWh)"::double as residential_energy_published_mwh,
                "Nb sites Résidentiel"::double as residential_delivery_points_count,
                "Taux de chauffage électrique"::double as electric_heating_pct,
                "Taux de logements collectifs"::double as flats_pct,
                "Taux de résidences principales"::double as main_residences_pct, {floors}, false as _is_simulated
            from read_csv('{real_data / _ENEDIS_CSV}', delim = ';', header = true, all_varchar = true)
        """,
    }


def _housing_columns() -> list[str]:
    some = draw(World(communes=240)).tables["fct_commune_housing"]
    return [name for name in some.columns if name.endswith("_count")]


def judge_real(connection: duckdb.DuckDBPyConnection, real_data: Path) -> dict[str, float]:
    """Rank correlations of the key, fitted without each region, with what the yearly panels measured."""
    connection.execute(
        f"""
        create or replace table later as
        select code_departement as departement_code, regr_slope(kwh_per_site, heating_degree_days_c_day) as later
        from (
            select code_departement, annee::int as calendar_year,
                1000 * sum(consor::double) / sum(pdlr::double) as kwh_per_site
            from read_csv('{real_data / _ORE_CSV}', delim = ';', header = true, all_varchar = true)
            where filiere = 'Electricité' and annee::int between 2018 and 2021
            group by all
        ) as panel inner join int_departement_degree_days_summed as winters
            on panel.code_departement = winters.departement_code and panel.calendar_year = winters.calendar_year
        where heating_degree_days_c_day is not null
        group by all having count(*) = 4
        """
    )
    found = connection.execute(
        """
        select a.region_code, measured.heating_slope_w_per_c / a.dwellings_count as measured,
            a.predicted_elsewhere_w_per_c / a.dwellings_count as predicted, later, measured.heating_slope_w_per_c as w
        from intermediate.int_area_slopes_allocated as a
        inner join intermediate.int_area_slopes_measured as measured using (territory_level_code, territory_code)
        left join later on a.territory_code = later.departement_code
        """
    ).df()

    def spearman(first: str, second: str, within: bool) -> float:
        pair = found[[first, second]]
        if within:
            pair = pair - pair.groupby(found.region_code).transform("mean")
        return float(pair.rank().corr().iloc[0, 1])

    return {
        "departements": len(found),
        "sum_mw_per_c": float(found.w.sum() / 1e6),
        "spearman": spearman("predicted", "measured", within=False),
        "spearman_within_regions": spearman("predicted", "measured", within=True),
        "spearman_2018_2021": spearman("predicted", "later", within=False),
        "spearman_2018_2021_within_regions": spearman("predicted", "later", within=True),
        "spearman_of_the_two_panels": spearman("measured", "later", within=False),
    }


@dataclass(frozen=True)
class Verdict:
    """What became of one made-up country."""

    seed: int
    allocated_rmse: float
    """Root mean square of the logarithm of estimate over truth, over all communes."""
    shrunk_rmse: float
    measured_allocated_rmse: float
    measured_raw_rmse: float
    measured_shrunk_rmse: float
    hidden_allocated_rmse: float
    hidden_shrunk_rmse: float
    rank_coverage_pct: float
    efficiencies_without_measurement: int
    largest_top_tenth_share: float
    key_spread: float


def judge(world: World, truth: Truth, connection: duckdb.DuckDBPyConnection) -> Verdict:
    """Compare the answers with what was planted."""
    answers = connection.execute(
        """
        select territory_code as commune_code, allocated_slope_w_per_c as allocated, shrunk_slope_w_per_c as shrunk,
            key_log_variance, measured.heating_slope_w_per_c as raw
        from intermediate.int_area_slopes_shrunk left join intermediate.int_area_slopes_measured as measured
            using (territory_level_code, territory_code)
        """
    ).df()
    ranked = connection.execute(
        "select territory_code as commune_code, priority_rank_ci90_low as low, priority_rank_ci90_high as high,"
        " top_tenth_share, efficiency_ratio from analysis.insulation_priority"
        " where territory_level_code = 'commune' and priority_rank is not null"
    ).df()
    both = truth.communes.merge(answers, on="commune_code")
    used = both.is_measured & ~both.is_hidden

    def rmse(estimate: str, among: pd.Series) -> float:
        return float(np.sqrt(np.mean(np.log(both.loc[among, estimate] / both.loc[among, "true"]) ** 2)))

    everywhere = pd.Series(data=True, index=both.index)
    judged = ranked.merge(both, on="commune_code")
    true_rank = _true_ranks(judged)
    return Verdict(
        seed=world.seed,
        allocated_rmse=rmse("allocated", everywhere),
        shrunk_rmse=rmse("shrunk", everywhere),
        measured_allocated_rmse=rmse("allocated", used),
        measured_raw_rmse=rmse("raw", used),
        measured_shrunk_rmse=rmse("shrunk", used),
        hidden_allocated_rmse=rmse("allocated", both.is_hidden) if both.is_hidden.any() else float("nan"),
        hidden_shrunk_rmse=rmse("shrunk", both.is_hidden) if both.is_hidden.any() else float("nan"),
        rank_coverage_pct=100 * float(((judged.low <= true_rank) & (true_rank <= judged.high)).mean()),
        efficiencies_without_measurement=int(
            (judged.efficiency_ratio.notna() & ~(judged.is_measured & ~judged.is_hidden)).sum()
        ),
        largest_top_tenth_share=float(judged.top_tenth_share.max()),
        key_spread=float(np.sqrt(answers.key_log_variance.iloc[0])),
    )


def _true_ranks(judged: pd.DataFrame) -> pd.Series:
    """Rank by the score that the true slopes would give, equal weights."""

    def percentile(values: pd.Series) -> pd.Series:
        return (values.rank(method="min") - 1) / max(values.notna().sum() - 1, 1)

    parts = pd.DataFrame(
        {
            "loss": percentile(judged.true / judged.electric),
            "efficiency": percentile((judged.true / judged.key).where(judged.efficiency_ratio.notna())),
            "volume": percentile(judged.true),
        }
    )
    return parts.mean(axis=1).rank(ascending=False)


def verdicts(compiled: Observed, worlds: list[World], folder: Path) -> pd.DataFrame:
    """One row a made-up country."""
    rows = []
    for world in worlds:
        truth = draw(world)
        connection, _ = run_models(compiled, truth.tables, folder)
        with connection:
            rows.append(judge(world, truth, connection))
    return pd.DataFrame(rows)


def main() -> None:
    """Print the tables of the methodology page; non-zero where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--communes", type=int, default=3_000)
    parser.add_argument("--real", action="store_true", help="the real départements alone")
    parser.add_argument("--bench", action="store_true", help="35,000 communes once, with seconds and memory")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dataelec-areas-") as name:
        folder = Path(name)
        compiled = compile_only(folder)
        if arguments.bench:
            tables, processor = draw(World(communes=35_000)).tables, time.process_time()
            connection, seconds = run_models(compiled, tables, folder)
            processor = time.process_time() - processor
            connection.close()
            table = pd.DataFrame({"model": seconds.keys(), "seconds": seconds.values()})
            print(as_markdown(table, 1))
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"\n{sum(seconds.values()):.1f} s, {processor:.1f} s of processor, {peak:.0f} MB at most")
            return
        if arguments.real:
            connection, _ = run_models(compiled, real_departements(compiled, REAL_DATA), folder)
            with connection:
                for figure, value in judge_real(connection, REAL_DATA).items():
                    print(f"{figure}: {value:.3f}")
            return
        worlds = [
            World(communes=arguments.communes, seed=seed + 1, hidden_share=0.2) for seed in range(arguments.seeds)
        ]
        found = verdicts(compiled, worlds, folder)
        print(as_markdown(found, 3))
        noise = verdicts(compiled, [replace(world, is_uniform=True, region_error=1e-6) for world in worlds[:3]], folder)
        print(f"\nAll alike: largest share of draws in the top tenth {noise.largest_top_tenth_share.max():.2f}")


if __name__ == "__main__":
    main()
