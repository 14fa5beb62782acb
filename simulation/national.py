"""National load beside RTE's own forecasts of it, and production with each fuel apart, and its emissions."""

import numpy as np
import pyarrow as pa

from simulation.calendars import Calendar
from simulation.defects import SourceDefect
from simulation.load import AUTUMN_REPEATED_SLOTS, TrueLoad, spread_over_the_day
from simulation.parameters import SLOTS_PER_DAY, Days, Floats
from simulation.production import FILIERES, Production
from simulation.tables import CLOCK_TIMES
from simulation.tabulate import label_column, whole_numbers

NATIONAL = "eco2mix-national-cons-def"
COUNTRY = "FR"

_DAY_BEFORE, _SAME_DAY = (0.024, 0.012), (0.009, 0.008)
"""Error of a forecast as a part of the load: what lasts the day, what comes and goes within it."""
_HOURS_OF_AN_ERROR = 2
UNAVAILABLE_FORECASTS = 6
_THERMAL_SHARES = {"charbon": 0.08, "fioul": 0.04}
"""Of what is thermal; the rest is gas."""
_CO2_T_PER_MWH = {"charbon": 0.986, "fioul": 0.777, "gaz": 0.429, "bioenergies": 0.494}


def national_table(
    rng: np.random.Generator, calendar: Calendar, true_load: TrueLoad, plants: Production, instants: Days
) -> tuple[pa.Table, list[SourceDefect]]:
    """Return `eco2mix-national-cons-def` with spring's phantom rows: the regions' sum, forecasts in whole 50 MW."""
    load = true_load.load.sum(axis=0)
    produced = _production(plants, len(load))
    # Rows of 02:00 and 02:30 stand on the instants of the hour after, and repeat its values.
    for spring in calendar.spring_days:
        for lost in AUTUMN_REPEATED_SLOTS:
            for values in (load, *produced.values()):
                values[spring, lost] = values[spring, lost + 2]
    day_before, same_day = (
        50 * np.round(load * (1 + _errors(rng, len(load), *size)) / 50) for size in (_DAY_BEFORE, _SAME_DAY)
    )
    unavailable = rng.choice(len(load), size=UNAVAILABLE_FORECASTS, replace=False)
    day_before[unavailable, SLOTS_PER_DAY // 2] = np.nan
    phantoms = [(spring, slot) for spring in calendar.spring_days for slot in AUTUMN_REPEATED_SLOTS]
    defects = [
        *(SourceDefect(NATIONAL, "phantom_hour", COUNTRY, period_start_at_utc=instants[at]) for at in phantoms),
        *(
            SourceDefect(
                NATIONAL,
                "value_unavailable",
                COUNTRY,
                period_start_at_utc=instants[day, SLOTS_PER_DAY // 2],
                column_name="prevision_j1",
            )
            for day in unavailable
        ),
    ]
    day, slot = (axis.ravel() for axis in np.indices(load.shape))
    return pa.table(
        {
            "perimetre": label_column(("France",), np.zeros(len(day), dtype=np.int32)),
            "nature": label_column(("Données définitives",), np.zeros(len(day), dtype=np.int32)),
            "date": label_column([str(d) for d in calendar.days], day),
            "heure": label_column(CLOCK_TIMES, slot),
            "date_heure": pa.array(instants.ravel()),
            "consommation": whole_numbers(load.ravel()),
            "prevision_j1": whole_numbers(day_before.ravel()),
            "prevision_j": whole_numbers(same_day.ravel()),
            **{name: whole_numbers(values.ravel()) for name, values in produced.items()},
        }
    ), defects


def _production(plants: Production, days: int) -> dict[str, Floats]:
    """Return MW by filière and `taux_co2` in whole g/kWh of what is fed in; nothing before the first simulated year."""
    national = np.full((len(FILIERES), days, SLOTS_PER_DAY), np.nan)
    national[:, plants.first :] = plants.by_filiere.sum(axis=1)
    values = dict(zip(FILIERES, national, strict=True))
    fed_in = national.sum(axis=0)
    thermal = values.pop("thermique")
    burnt = {name: np.round(share * thermal) for name, share in _THERMAL_SHARES.items()}
    values |= burnt | {"gaz": thermal - sum(burnt.values())}
    emitted = sum(factor * values[name] for name, factor in _CO2_T_PER_MWH.items())
    return values | {"taux_co2": np.round(1_000 * emitted / fed_in)}


def _errors(rng: np.random.Generator, days: int, of_day: float, within_day: float) -> Floats:
    """Draw relative errors, shape (days, 48): a level a day that runs into the next, and what comes and goes."""
    kernel = np.hanning(2 * 2 * _HOURS_OF_AN_ERROR + 1)
    kernel /= np.sqrt((kernel**2).sum())
    passing = np.convolve(rng.standard_normal(days * SLOTS_PER_DAY), kernel, mode="same")
    errors: Floats = spread_over_the_day(of_day * rng.standard_normal((1, days)))[0]
    return errors + within_day * passing.reshape(days, SLOTS_PER_DAY)
