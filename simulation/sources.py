"""The datasets beside load, temperature and yearly totals, each from a random stream of its own, and their truth.

`simulation` draws the load; everything here follows from it and leaves its draws alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulation import (
    annual,
    annual_tables,
    areas,
    certificates,
    client_types,
    coming,
    divisions,
    geography,
    housing,
    islands,
    national,
    production,
    published_calendars,
    stations,
    synop,
    tables,
)
from simulation.calendars import Calendar
from simulation.client_types import CLIENT_TYPES
from simulation.defects import SourceDefect
from simulation.load import TrueLoad
from simulation.networks import served_by_enedis
from simulation.parameters import REGIONS, Ints
from simulation.weather import Weather

STREAMS = 14
CLIENT_TYPE_CODES = {"RES": "enedis_residential", "PRO": "enedis_professional", "ENT": "enedis_enterprise"}
_PEOPLE_PER_POINT = {"PRO": 14, "ENT": 150}


@dataclass(frozen=True)
class Sources:
    """Tables by dataset id, and the truth that they were made from."""

    tables: dict[str, pa.Table]
    truth: dict[str, pa.Table]


def simulate_sources(
    streams: Sequence[np.random.Generator], calendar: Calendar, weather: Weather, true_load: TrueLoad
) -> Sources:
    """Simulate every other dataset."""
    place_rng, slope_rng, client_rng, dwelling_rng, plant_rng, year_rng, station_rng, publishing_rng = streams[:8]
    synop_rng, area_rng, certificate_rng, island_rng, national_rng, coming_rng = streams[8:]
    smoothed = weather.smoothed()
    instants = tables.slot_instants(calendar)
    territories = geography.simulate_territories(place_rng)
    served = served_by_enedis(territories)

    slopes = client_types.draw_client_type_slopes(slope_rng, true_load, served)
    load = client_types.simulate_client_types(client_rng, slopes, calendar, true_load, smoothed)
    dwellings = housing.simulate_housing(dwelling_rng, territories, slopes.residential, served)
    plants = production.simulate_production(plant_rng, calendar, true_load)
    energies = annual.energies_of_client_types(year_rng, calendar, true_load, smoothed, slopes, load, served)
    records = annual.simulate_records(year_rng, territories, dwellings, energies, served)

    last_year = calendar.days[-1].astype(object).year
    cube, cube_defects = housing.housing_cube(publishing_rng, territories, dwellings)
    produced, production_defects = production.production_table(publishing_rng, plants, calendar, instants)
    injected, injection_defects = production.injection_table(publishing_rng, plants, calendar)
    levels = annual_tables.levels_of(records, territories, dwellings)
    long, long_defects = annual_tables.long_tables(publishing_rng, levels)
    by_area, area_defects = areas.area_tables(area_rng, levels, energies.years, energies.degree_hours)
    rated, certificate_defects = certificates.certificate_table(certificate_rng, territories, dwellings)
    measured, station_defects, station_truth = stations.station_table(station_rng, territories, weather)
    observed, synop_defects, synop_truth = synop.synop_table(synop_rng, weather)
    island_weather = islands.draw_weather(island_rng, weather)
    island_load, island_defects, island_truth = islands.load_table(island_rng, calendar, island_weather)
    forecast, forecast_defects = national.national_table(national_rng, calendar, true_load, plants, instants)
    return Sources(
        tables={
            production.PRODUCTION: produced,
            production.EXCHANGES: production.exchange_table(publishing_rng, plants, calendar),
            production.INJECTIONS: injected,
            **long,
            **{annual_tables.WIDE.format(level.name): annual_tables.wide_table(level) for level in levels[:3]},
            **client_types.client_type_tables(load, calendar, instants, delivery_points(territories, dwellings)),
            annual_tables.ENEDIS_YEARLY: annual_tables.enedis_table(records, territories, dwellings),
            **by_area,
            certificates.CERTIFICATES: rated,
            **divisions.division_tables(territories, last_year),
            **geography.population_tables(publishing_rng, territories),
            housing.RECORDS: housing.dwelling_records(publishing_rng, territories, dwellings),
            housing.CUBE: cube,
            stations.STATIONS: measured,
            synop.SYNOP: pa.concat_tables([observed, islands.observations(island_weather)]),
            islands.LOAD: island_load,
            national.NATIONAL: forecast,
            coming.COMING: coming.coming_table(coming_rng, weather),
            published_calendars.SCHOOL: published_calendars.school_table(last_year),
            **published_calendars.public_holiday_tables(),
        },
        truth={
            "client_types": client_type_truth(slopes, true_load),
            "communes": commune_truth(territories, dwellings),
            "stations": station_truth,
            "synop_stations": synop_truth,
            "islands": island_truth,
            "source_defects": defect_table(
                [
                    *cube_defects,
                    *production_defects,
                    *injection_defects,
                    *long_defects,
                    *station_defects,
                    *synop_defects,
                    *island_defects,
                    *area_defects,
                    *certificate_defects,
                    *forecast_defects,
                ]
            ),
        },
    )


def delivery_points(territories: geography.Territories, dwellings: housing.Housing) -> dict[str, Ints]:
    """Return the delivery points of each client type of Enedis in the twelve regions."""
    served = served_by_enedis(territories)
    positions = [territories.region_codes.index(r.code) for r in REGIONS]
    mains = territories.by_region(dwellings.mains)[positions] * served
    people = territories.by_region(territories.people)[positions] * served
    points = {"RES": np.round(mains * 1.12)} | {c: np.round(people / n) for c, n in _PEOPLE_PER_POINT.items()}
    return {client_type: values.astype(np.int64) for client_type, values in points.items()}


def client_type_truth(slopes: client_types.ClientTypeSlopes, true_load: TrueLoad) -> pa.Table:
    """Return the planted slopes of each region and client type; `rest` is what Enedis's leave of the region's."""
    region = true_load.slopes
    heating = np.vstack([slopes.heating, region.heating_slope - slopes.heating.sum(axis=0)])
    cooling = np.vstack([slopes.cooling, region.cooling_slope - slopes.cooling.sum(axis=0)])
    codes = [*(CLIENT_TYPE_CODES[c] for c in CLIENT_TYPES), "rest"]
    kind, place = (axis.ravel() for axis in np.indices(heating.shape))
    return pa.table(
        {
            "client_type_code": [codes[i] for i in kind],
            "region_code": [REGIONS[i].code for i in place],
            "heating_slope_mw_per_c": heating.ravel(),
            "heating_balance_point_c": region.heating_balance_point[place],
            "cooling_slope_mw_per_c": cooling.ravel(),
            "cooling_balance_point_c": region.cooling_balance_point[place],
            "residential_heating_slope_all_networks_mw_per_c": slopes.residential[place],
        }
    )


def commune_truth(territories: geography.Territories, dwellings: housing.Housing) -> pa.Table:
    """Return what each commune's homes add for every °C colder; communes sum to `residential_…_all_networks`."""
    return pa.table(
        {
            "commune_code": list(territories.commune_codes),
            "city_code": list(territories.city_codes),
            "departement_code": [territories.departements[i].code for i in territories.departement],
            "region_code": [territories.region_codes[i] for i in territories.region],
            "population_count": territories.people,
            "altitude_m": territories.altitude_m,
            "main_residences_count": dwellings.mains,
            "electric_main_residences_count": dwellings.electric,
            "heating_slope_mw_per_c": dwellings.heating_slope_w_per_c / 1e6,
        }
    )


def defect_table(defects: Sequence[SourceDefect]) -> pa.Table:
    """Return the planted defects of these datasets, one row each; null where a defect is of something wider."""
    types = {
        "dataset_id": pa.string(),
        "reason_code": pa.string(),
        "territory_code": pa.string(),
        "calendar_year": pa.int32(),
        "date_day": pa.date32(),
        "period_start_at_utc": pa.timestamp("us", tz="UTC"),
        "column_name": pa.string(),
        "value_published": pa.float64(),
        "value_true": pa.float64(),
    }

    def plain(value: object) -> object:
        return value.astype(object) if isinstance(value, np.datetime64) else value

    return pa.table({name: pa.array([plain(getattr(d, name)) for d in defects], kind) for name, kind in types.items()})
