"""The defects of the real files, planted in the simulated ones at dates drawn from the seed, each one written down.

A planted defect has the reason code under which the models should find it. None is listed anywhere in the project, so
a model can find it by rule only.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from simulation.calendars import Calendar
from simulation.load import AUTUMN_REPEATED_SLOTS, TrueLoad
from simulation.parameters import REGIONS, SLOTS_PER_DAY, Floats
from simulation.weather import LEAD_IN_DAYS, Weather

SPIKES = 24
SPIKED_REGIONS = [i for i, r in enumerate(REGIONS) if r.load_mean_mw < 6_000]
IGNORED_ROWS = 12
# The rule on shares divides by the regions present: leaving out a small one hardly moves the others.
IGNORED_REGIONS = [i for i, r in enumerate(REGIONS) if r.load_mean_mw < 3_300]
SCRAMBLED_PER_DAY = (3, 6, 3)
"""Half-hours scrambled on the three days of the corrupted span; six leave a day under 90 % valid."""
PLACEHOLDER_DAYS = 10
PHANTOM_SLOTS = AUTUMN_REPEATED_SLOTS
MISSING_TEMPERATURES_PER_YEAR = 2.8
INCONSISTENT_TEMPERATURES = 7

STATUSES = ("Définitif", "Consolidé", "vers")
"""The last means nothing and stands once in the real file."""
NO_STATUS = -1


@dataclass(frozen=True)
class Defect:
    """One planted defect: of a half-hour (`slot` set), a day, or a year of a region."""

    reason_code: str
    region_code: str
    day: int
    """Position among the days of load; negative in the lead-in of temperature."""
    slot: int | None = None
    published: float | None = None
    true: float | None = None


@dataclass(frozen=True)
class SourceDefect:
    """One planted defect of another dataset than load, temperature and yearly totals."""

    dataset_id: str
    reason_code: str
    territory_code: str
    calendar_year: int | None = None
    date_day: np.datetime64 | None = None
    period_start_at_utc: np.datetime64 | None = None
    column_name: str | None = None
    value_published: float | None = None
    value_true: float | None = None


@dataclass
class PublishedLoad:
    """What is published, shape (12, days, 48): MW (NaN where null), position of the status, whether to be ignored."""

    load: Floats
    status: npt.NDArray[np.int8]
    is_ignored: npt.NDArray[np.bool_]
    defects: list[Defect] = field(default_factory=list)

    def plant(self, reason_code: str, region: int, day: int, slot: int, value: float, true: float) -> None:
        """Write a value over one half-hour and remember it."""
        self.load[region, day, slot] = value
        self.defects.append(
            Defect(reason_code, REGIONS[region].code, day, slot, None if np.isnan(value) else value, true)
        )


@dataclass
class FreeDays:
    """Days that hold no defect yet; each is given once and its neighbours stay clean."""

    is_free: npt.NDArray[np.bool_]

    def reserve(self, first: int, count: int = 1) -> None:
        """Take days and the one before and after."""
        self.is_free[max(first - 1, 0) : first + count + 1] = False

    def draw(self, rng: np.random.Generator, count: int = 1) -> int:
        """Draw the first of `count` free days in a row and reserve them."""
        is_start = np.lib.stride_tricks.sliding_window_view(self.is_free, count).all(axis=1)
        first = int(rng.choice(np.flatnonzero(is_start)))
        self.reserve(first, count)
        return first


def derangement(rng: np.random.Generator, values: Floats) -> npt.NDArray[np.int64]:
    """Draw an order of the regions that gives at least eight of them a clearly different value and none its own."""
    while True:
        order = rng.permutation(len(values))
        changed = np.abs(np.log(values[order] / values)) > np.log(1.5)
        if (order != np.arange(len(values))).all() and changed.sum() >= 8:
            return order


def scramble(published: PublishedLoad, rng: np.random.Generator, truth: Floats, day: int, slot: int, code: str) -> None:
    """Give every region another one's value at one half-hour."""
    values = truth[:, day, slot].copy()
    order = derangement(rng, values)
    for region in range(len(REGIONS)):
        # A phantom half-hour does not exist, so nothing is true of it.
        true = np.nan if code == "phantom_hour" else values[region]
        published.plant(code, region, day, slot, values[order[region]], true)


def plant_clock_changes(published: PublishedLoad, rng: np.random.Generator, truth: Floats, calendar: Calendar) -> None:
    """Fill the two half-hours that spring does not have; in one or two years scramble them and the two after."""
    springs = calendar.spring_days
    scrambled = set(rng.choice(springs, size=int(rng.integers(1, 3)), replace=False).tolist())
    for day in springs:
        between = np.round((truth[:, day, PHANTOM_SLOTS[0] - 1] + truth[:, day, PHANTOM_SLOTS[-1] + 1]) / 2)
        published.load[:, day, PHANTOM_SLOTS] = between[:, None]
        if day in scrambled:
            for slot in PHANTOM_SLOTS:
                scramble(published, rng, truth, day, slot, "phantom_hour")
            for slot in (6, 7):
                scramble(published, rng, truth, day, slot, "other_region_values")
        else:
            for slot in PHANTOM_SLOTS:
                for region in range(len(REGIONS)):
                    published.plant("phantom_hour", region, day, slot, between[region], np.nan)
    for day in calendar.autumn_days:
        for region, of in enumerate(REGIONS):
            for slot in AUTUMN_REPEATED_SLOTS:
                published.defects.append(
                    Defect("autumn_hour_not_published", of.code, day, slot, None, truth[region, day, slot])
                )


def plant_placeholders(
    published: PublishedLoad, rng: np.random.Generator, truth: Floats, calendar: Calendar, free: FreeDays
) -> None:
    """Keep the rows and statuses of the last days of one month and take the values away."""
    next_days = calendar.days + 1
    is_month_end = next_days.astype("datetime64[M]") != calendar.days.astype("datetime64[M]")
    ends = [
        int(i)
        for i in np.flatnonzero(is_month_end)
        if i >= 365 and free.is_free[i - PLACEHOLDER_DAYS : i + 2].all() and i + 1 < len(calendar.days)
    ]
    first = int(rng.choice(ends)) - PLACEHOLDER_DAYS + 1
    free.reserve(first, PLACEHOLDER_DAYS)
    for day in range(first, first + PLACEHOLDER_DAYS):
        for region in range(len(REGIONS)):
            for slot in range(SLOTS_PER_DAY):
                published.plant("placeholder", region, day, slot, np.nan, truth[region, day, slot])


def plant_isolated(published: PublishedLoad, rng: np.random.Generator, truth: Floats, free: FreeDays) -> None:
    """Plant the corrupted span, the spikes and the rows to be ignored, each on days of its own."""
    first = free.draw(rng, len(SCRAMBLED_PER_DAY))
    for offset, count in enumerate(SCRAMBLED_PER_DAY):
        for slot in sorted(rng.choice(SLOTS_PER_DAY, size=count, replace=False).tolist()):
            scramble(published, rng, truth, first + offset, slot, "other_region_values")
    for i in range(SPIKES):
        day, slot, region = free.draw(rng), int(rng.integers(2, 46)), int(rng.choice(SPIKED_REGIONS))
        factor = rng.uniform(1.5, 1.8) if i % 2 else rng.uniform(0.5, 0.62)
        true = truth[region, day, slot]
        published.plant("spike", region, day, slot, float(np.round(true * factor)), true)
    for _ in range(IGNORED_ROWS):
        day, slot, region = free.draw(rng), int(rng.integers(2, 46)), int(rng.choice(IGNORED_REGIONS))
        true = truth[region, day, slot]
        published.is_ignored[region, day, slot] = True
        value = float(np.round(true * rng.uniform(0.5, 0.9)))
        published.plant("ignored_by_publisher", region, day, slot, value, true)


def publish_load(rng: np.random.Generator, true_load: TrueLoad, calendar: Calendar) -> PublishedLoad:
    """Return the load as published, with every planted defect."""
    truth = true_load.load
    status = np.zeros(truth.shape, dtype=np.int8)
    last_year = calendar.days >= calendar.days[-1].astype("datetime64[Y]")
    status[:, last_year] = STATUSES.index("Consolidé")
    published = PublishedLoad(truth.copy(), status, np.zeros(truth.shape, dtype=bool))
    free = FreeDays(np.ones(len(calendar.days), dtype=bool))
    free.reserve(0)
    free.reserve(len(calendar.days) - 1)
    for day in (*calendar.spring_days, *calendar.autumn_days):
        free.reserve(day)
    plant_clock_changes(published, rng, truth, calendar)
    for region in range(len(REGIONS)):
        published.plant("missing_value", region, 0, 0, np.nan, truth[region, 0, 0])
        published.status[region, 0, 0] = NO_STATUS
    plant_placeholders(published, rng, truth, calendar, free)
    plant_isolated(published, rng, truth, free)
    # The value beside this status is good.
    published.status[int(rng.integers(len(REGIONS))), free.draw(rng), 20] = STATUSES.index("vers")
    return published


@dataclass(frozen=True)
class PublishedTemperature:
    """Temperatures as published: °C, shape (13, days), and the days that are."""

    tmin: Floats
    tmax: Floats
    tmoy: Floats
    is_day_published: npt.NDArray[np.bool_]
    defects: tuple[Defect, ...]


def publish_temperature(rng: np.random.Generator, weather: Weather, codes: tuple[str, ...]) -> PublishedTemperature:
    """Lose a few month-ends and one pair of days, for all regions, and spoil tmin or tmax of a few rows."""
    days = weather.days
    is_published = np.ones(len(days), dtype=bool)
    count = max(round(MISSING_TEMPERATURES_PER_YEAR * (len(days) - LEAD_IN_DAYS) / 365.25) - 2, 1)
    is_month_end = (days + 1).astype("datetime64[M]") != days.astype("datetime64[M]")
    inner = (np.arange(len(days)) >= LEAD_IN_DAYS + 5) & (np.arange(len(days)) < len(days) - 5)
    singles = rng.choice(np.flatnonzero(is_month_end & inner), size=count, replace=False)
    in_mid_month = np.isin((days - days.astype("datetime64[M]")).astype(np.int64), range(9, 20))
    pair = int(rng.choice(np.flatnonzero(in_mid_month & inner)))
    missing = {int(i): "temperature_interpolated" for i in singles}
    missing |= {pair: "temperature_missing", pair + 1: "temperature_missing"}
    is_published[list(missing)] = False
    defects = [
        Defect(reason, code, day - LEAD_IN_DAYS, None, None, float(weather.tmoy[region, day]))
        for day, reason in sorted(missing.items())
        for region, code in enumerate(codes)
    ]
    tmin, tmax = weather.tmin.copy(), weather.tmax.copy()
    for day in rng.choice(np.flatnonzero(is_published & inner), size=INCONSISTENT_TEMPERATURES, replace=False):
        region = int(rng.integers(len(codes)))
        spoilt = tmin if rng.random() < 0.5 else tmax
        true = float(spoilt[region, day])
        # Outwards, so that tmin stays below tmax; the mean, which the load follows, is right.
        spoilt[region, day] = round(true + rng.uniform(0.3, 1.2) * (-1 if spoilt is tmin else 1), 2)
        defects.append(
            Defect(
                "temperature_mean_inconsistent",
                codes[region],
                int(day) - LEAD_IN_DAYS,
                None,
                float(spoilt[region, day]),
                true,
            )
        )
    return PublishedTemperature(tmin, tmax, weather.tmoy, is_published, tuple(defects))
