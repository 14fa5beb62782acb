"""Weather regression of one territory x client type x window, from its days and not from cell sums.

``load = cell effect + heating slope * max(tau_H - T, 0) + cooling slope * max(T - tau_C, 0) + error``

Nothing here knows the SQL models. Every number is refitted from day-level rows: a leave-out really leaves the
days out. Loads are in MW, temperatures in degrees Celsius, slopes in MW per degree, positive when load rises.

A frame has one row per used day and the columns of ``REQUIRED_COLUMNS``; the row order does not matter.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Literal

import numpy as np
import pandas as pd
import statsmodels.api as sm
from numpy.typing import NDArray
from scipy import stats
from statsmodels.stats import sandwich_covariance

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Specification = Literal["common", "free", "season_adjusted"]

REQUIRED_COLUMNS = (
    "date_day",
    "load_mean_mw",
    "temperature_smoothed_c",
    "regime_code",
    "day_class_code",
    "calendar_cell_code",
    "calendar_quarter_code",
)
COMMON_TAU_HEATING_C = 15.0
COMMON_TAU_COOLING_C = 22.0
SEASON_WAVES = 3
HEATING_GRID_C: Floats = np.arange(10.0, 19.25, 0.5)
COOLING_GRID_C: Floats = np.arange(18.0, 26.25, 0.5)
SMALLEST_GAP_C = 2.0
NEWEY_WEST_LAGS = 14
FEWEST_COOLING_DAYS = 10
FEWEST_QUARTERS = 4
HOLDOUT_QUARTERS = 4
SHORTEST_TRAINING_DAYS = 365

# A column that keeps no more than this share of its squares inside the cells says nothing beside the cells.
_DEGENERATE_SHARE = 1e-12
# Balance points whose errors differ by less than this share of the load's own squares are one and the same
# fit (a single day above two cooling points, say); the lowest point then wins, whatever the rounding.
_TIE_SHARE = 1e-12
# A wave that keeps no more of its squares beside the cells and the waves before it (the inverse of its variance
# inflation factor) cannot be told apart from them.
_LEAST_WAVE_TOLERANCE = 1e-4


class UnfittableError(ValueError):
    """The days given cannot carry the regression; the message says why."""


@dataclass(frozen=True, eq=False)
class Fit:
    """One least-squares fit; arrays follow the days in ascending order.

    ``slopes`` and ``columns`` (days x slopes, demeaned inside cells) hold heating, then cooling if the form
    has it. With yearly waves, ``columns`` and ``load_fitted`` are what a regression on the waves leaves, and
    ``wave_coefficients`` are those of the whole fit.
    """

    tau_heating: float
    tau_cooling: float | None
    slopes: Floats
    columns: Floats
    days: pd.DatetimeIndex
    load: Floats
    load_demeaned: Floats
    load_fitted: Floats
    wave_coefficients: Floats
    n_cells: int

    @property
    def heating_slope(self) -> float:
        """MW added per degree below ``tau_heating``."""
        return float(self.slopes[0])

    @property
    def cooling_slope(self) -> float:
        """MW added per degree above ``tau_cooling``; 0 when the form has no cooling term."""
        return float(self.slopes[1]) if self.tau_cooling is not None else 0.0

    @property
    def n_days(self) -> int:
        """Days used, n."""
        return len(self.load)

    @property
    def n_parameters(self) -> int:
        """Cells plus slopes and waves, k."""
        return self.n_cells + len(self.slopes) + len(self.wave_coefficients)

    @cached_property
    def residuals(self) -> Floats:
        """Actual minus fitted load, MW, one per day."""
        return self.load_fitted - self.columns @ self.slopes

    @property
    def sse(self) -> float:
        """Sum of squared residuals, MW squared."""
        return float(self.residuals @ self.residuals)

    @property
    def within_r2(self) -> float:
        """Share of the load's squares inside cells that the slopes explain, 0..1."""
        return 1.0 - self.sse / float(self.load_demeaned @ self.load_demeaned)

    @property
    def overall_r2(self) -> float:
        """Share of the load's squares about its mean that cells and slopes explain, 0..1."""
        centred = self.load - self.load.mean()
        return 1.0 - self.sse / float(centred @ centred)

    @property
    def cv_rmse_pct(self) -> float:
        """Root mean squared residual (divided by n) in per cent of the mean load."""
        return float(100.0 * np.sqrt(self.sse / self.n_days) / self.load.mean())

    @property
    def rho1(self) -> float:
        """Lag-1 autocorrelation: sum of e_t e_(t-1) over consecutive days, over the sum of e_t squared."""
        on_calendar = pd.Series(self.residuals, index=self.days).asfreq("D", fill_value=0.0).to_numpy()
        return float(on_calendar[1:] @ on_calendar[:-1]) / self.sse

    @cached_property
    def ols_se(self) -> Floats:
        """Ordinary standard errors of ``slopes``, with n - k degrees of freedom."""
        variance = self.sse / (self.n_days - self.n_parameters)
        _, upper = np.linalg.qr(self.columns)
        inverse = np.linalg.inv(upper)
        return np.asarray(np.sqrt(variance * np.sum(inverse**2, axis=1)), dtype=np.float64)

    @cached_property
    def influences(self) -> pd.DataFrame:
        """How much each day moves each slope: the rows of (X'X)^-1 X'e, times sqrt(n / (n - k))."""
        factor = np.sqrt(self.n_days / (self.n_days - self.n_parameters))
        by_slope = np.linalg.pinv(self.columns).T * self.residuals[:, None]
        return pd.DataFrame(factor * by_slope, index=self.days)

    @cached_property
    def hac_se(self) -> Floats:
        """Newey-West errors of ``slopes``, 14 calendar days of lags, times sqrt(n / (n - k)).

        Missing days enter as all-zero rows, so that a lag is a number of days and not of rows. They add
        nothing to any sum; the small-sample factor is applied here because statsmodels would count them in n.
        """
        on_calendar = pd.DataFrame(np.column_stack([self.load_fitted, self.columns]), index=self.days).asfreq(
            "D", fill_value=0.0
        )
        result = sm.OLS(on_calendar.iloc[:, 0].to_numpy(), on_calendar.iloc[:, 1:].to_numpy()).fit(
            cov_type="HAC", cov_kwds={"maxlags": NEWEY_WEST_LAGS, "use_correction": False}
        )
        factor = np.sqrt(self.n_days / (self.n_days - self.n_parameters))
        return np.asarray(result.bse * factor, dtype=np.float64)


Estimator = Callable[[pd.DataFrame], Fit]


def fit(frame: pd.DataFrame, tau_heating: float, tau_cooling: float | None, waves: int = 0) -> Fit:
    """Fit at given balance points, beside so many yearly waves (a sine and a cosine each).

    A cooling term that these days cannot tell from the cells and the heating term is left out of the form.
    Raises ``UnfittableError`` when the heating term cannot be told from the cells, a wave from the cells and the
    waves before it, or no degree of freedom is left.
    """
    days = _Days.of(frame)
    heating, cooling = days.heating([tau_heating]), None
    if not _varies(heating.raw, heating.demeaned)[0]:
        raise UnfittableError(f"no variation of degrees below {tau_heating} inside any calendar cell")
    if tau_cooling is not None:
        cooling = days.cooling([tau_cooling])
        both = np.column_stack([heating.demeaned, cooling.demeaned])
        if np.linalg.matrix_rank(both) < 2:
            cooling = None
    columns = heating.demeaned if cooling is None else np.column_stack([heating.demeaned, cooling.demeaned])
    if len(days.load) <= days.n_cells + columns.shape[1] + 2 * waves:
        raise UnfittableError(f"{len(days.load)} days cannot carry {days.n_cells} cells, the slopes and the waves")
    by_wave = _demean(yearly_waves(days.index, waves), days.cells, days.n_cells)
    kept = np.diag(np.linalg.qr(by_wave, mode="r")) ** 2
    if np.any(kept <= _LEAST_WAVE_TOLERANCE * np.sum(by_wave**2, axis=0)):
        raise UnfittableError("a yearly wave is nearly of one kind with the calendar cells")
    # Degrees and load once the waves are out, then the slopes; the waves get what is left of the load.
    columns, load_fitted = _residuals(columns, by_wave), _residuals(days.load_demeaned[:, None], by_wave)[:, 0]
    slopes = np.asarray(np.linalg.lstsq(columns, load_fitted, rcond=None)[0], dtype=np.float64)
    hinges = heating.demeaned if cooling is None else np.column_stack([heating.demeaned, cooling.demeaned])
    return Fit(
        tau_heating=float(tau_heating),
        tau_cooling=None if cooling is None or tau_cooling is None else float(tau_cooling),
        slopes=slopes,
        columns=columns,
        days=days.index,
        load=days.load,
        load_demeaned=days.load_demeaned,
        load_fitted=load_fitted,
        wave_coefficients=np.asarray(
            np.linalg.lstsq(by_wave, days.load_demeaned - hinges @ slopes, rcond=None)[0], dtype=np.float64
        ),
        n_cells=days.n_cells,
    )


def yearly_waves(days: pd.DatetimeIndex, waves: int) -> Floats:
    """Days x 2 waves: sine and cosine of one, two, ... turns a year."""
    turn = 2 * np.pi * (days.day_of_year.to_numpy() - 1) / 365.25
    return (
        np.array([wave(order * turn) for order in range(1, waves + 1) for wave in (np.sin, np.cos)])
        .reshape(2 * waves, len(days))
        .T
    )


def search(frame: pd.DataFrame) -> Fit:
    """Least-squares pair of balance points with both slopes positive; heating alone when no pair has them.

    Equal errors go to the lowest heating, then the lowest cooling balance point.
    """
    sse = _pair_sse(_Days.of(frame))
    if not np.isfinite(sse).any():
        return search_heating_only(frame)
    heating_at, cooling_at = _first_least(sse, frame)
    return fit(frame, HEATING_GRID_C[heating_at], COOLING_GRID_C[cooling_at])


def search_heating_only(frame: pd.DataFrame) -> Fit:
    """Least-squares heating balance point of the form without cooling, whatever the sign of the slope."""
    sse = _heating_sse(_Days.of(frame))
    if not np.isfinite(sse).any():
        raise UnfittableError("no heating balance point of the grid varies inside any calendar cell")
    (heating_at,) = _first_least(sse, frame)
    return fit(frame, HEATING_GRID_C[heating_at], None)


@dataclass(frozen=True)
class Interval:
    """Standard error and 95 % interval of one slope, in MW per degree."""

    se: float
    ci_low: float
    ci_high: float

    @property
    def half_width(self) -> float:
        """Half the width of the interval."""
        return (self.ci_high - self.ci_low) / 2.0


@dataclass(frozen=True)
class Jackknife:
    """Delete-one-calendar-quarter jackknife; leave-outs map a quarter code to the slope found without it."""

    heating: Interval
    cooling: Interval
    heating_leave_outs: dict[str, float]
    cooling_leave_outs: dict[str, float]


def jackknife(frame: pd.DataFrame, estimator: Estimator) -> Jackknife:
    """Run ``estimator`` again without each calendar quarter in turn.

    An estimator that searches balance points searches them again in every leave-out. Intervals are
    centred on the estimate from all days. They are NaN with fewer than two quarters, or when the days without
    some quarter cannot be fitted; the slopes of that leave-out are then NaN too.
    """
    full = estimator(frame)
    quarters = sorted(frame["calendar_quarter_code"].unique())
    heating: dict[str, float] = {}
    cooling: dict[str, float] = {}
    for quarter in quarters if len(quarters) > 1 else []:
        try:
            refit = estimator(frame[frame["calendar_quarter_code"] != quarter])
        except UnfittableError:
            heating[quarter] = cooling[quarter] = float("nan")
        else:
            heating[quarter], cooling[quarter] = refit.heating_slope, refit.cooling_slope
    return Jackknife(
        heating=_interval(full.heating_slope, heating),
        cooling=_interval(full.cooling_slope, cooling),
        heating_leave_outs=heating,
        cooling_leave_outs=cooling,
    )


@dataclass(frozen=True)
class TwoStage:
    """The published form: with cooling when it is identified, else heating alone and the reasons why."""

    fit: Fit
    jackknife: Jackknife
    is_cooling_kept: bool
    cooling_drop_reasons: tuple[str, ...]
    first_fit: Fit
    first_jackknife: Jackknife


def two_stage(frame: pd.DataFrame, specification: Specification) -> TwoStage:
    """Fit heating and cooling, then keep cooling only if it can be told apart from zero."""
    estimator = _estimator(specification, with_cooling=True)
    first, first_errors = estimator(frame), jackknife(frame, estimator)
    reasons = _cooling_drop_reasons(frame, first, first_errors)
    if not reasons:
        return TwoStage(first, first_errors, True, (), first, first_errors)
    alone = _estimator(specification, with_cooling=False)
    return TwoStage(alone(frame), jackknife(frame, alone), False, reasons, first, first_errors)


@dataclass(frozen=True)
class Prediction:
    """Actual and predicted load by day; errors in per cent of the mean actual load."""

    actual: pd.Series
    predicted: pd.Series

    @property
    def cv_rmse_pct(self) -> float:
        """Root mean squared error."""
        return float(100.0 * np.sqrt(((self.predicted - self.actual) ** 2).mean()) / self.actual.mean())

    @property
    def nmbe_pct(self) -> float:
        """Mean error, positive when too much was predicted."""
        return float(100.0 * (self.predicted - self.actual).mean() / self.actual.mean())


@dataclass(frozen=True)
class Holdout(Prediction):
    """Days that the fit did not see."""

    train_fit: Fit
    n_left_out: int


def holdout(frame: pd.DataFrame, specification: Specification, is_cooling_kept: bool | None = None) -> Holdout | None:
    """Predict the days of the last four calendar quarters of the frame's span from the days before.

    The form is the one decided on the whole frame (``is_cooling_kept``, worked out when not given); a free
    form searches its balance points again on the training days. A day takes the cell effect of the latest
    training regime that holds its day class; days whose class never occurs in training are left out and
    counted. ``actual`` and ``predicted`` are indexed by day. None when the training days span less than 365
    days or no day can be predicted.
    """
    ordered = frame.sort_values("date_day")
    first_held_out = ordered["date_day"].max().to_period("Q") - (HOLDOUT_QUARTERS - 1)
    is_held_out = ordered["date_day"] >= first_held_out.start_time
    train, test = ordered[~is_held_out], ordered[is_held_out]
    if train.empty or (train["date_day"].max() - train["date_day"].min()).days + 1 < SHORTEST_TRAINING_DAYS:
        return None
    if is_cooling_kept is None:
        is_cooling_kept = two_stage(frame, specification).is_cooling_kept
    train_fit = _estimator(specification, is_cooling_kept)(train)
    effect = test["day_class_code"].map(_latest_class_effects(train, train_fit))
    usable = test[effect.notna()]
    if usable.empty:
        return None
    predicted = effect.dropna() + _weather_load(usable, train_fit)
    days = pd.DatetimeIndex(usable["date_day"])
    return Holdout(
        actual=pd.Series(usable["load_mean_mw"].to_numpy(), index=days),
        predicted=pd.Series(predicted.to_numpy(), index=days),
        train_fit=train_fit,
        n_left_out=len(test) - len(usable),
    )


@dataclass(frozen=True)
class France:
    """The regions together: sums of slopes, with the jackknife of the sums."""

    heating_slope: float
    cooling_slope: float
    jackknife: Jackknife


def france(fits_by_region: Mapping[str, TwoStage]) -> France:
    """Sum slopes and leave-outs over regions; where a region lacks a quarter it adds its full slope.

    Heating comes from the published form of each region; cooling from the form that has it, so that what is
    too weak to be told apart in one region still counts in the sum. Where a region cannot tell, cooling is NaN.
    """
    regions = list(fits_by_region.values())
    quarters = sorted({q for region in regions for q in region.jackknife.heating_leave_outs})
    heating_slope = sum(region.fit.heating_slope for region in regions)
    unknown = 0.0 if all(region.first_fit.tau_cooling is not None for region in regions) else float("nan")
    cooling_slope = sum((region.first_fit.cooling_slope for region in regions), start=unknown)
    heating = {q: sum(r.jackknife.heating_leave_outs.get(q, r.fit.heating_slope) for r in regions) for q in quarters}
    cooling = {
        q: sum((r.first_jackknife.cooling_leave_outs.get(q, r.first_fit.cooling_slope) for r in regions), start=unknown)
        for q in quarters
    }
    errors = Jackknife(_interval(heating_slope, heating), _interval(cooling_slope, cooling), heating, cooling)
    return France(heating_slope, cooling_slope, errors)


@dataclass(frozen=True)
class FranceErrors:
    """How well the regional fits together follow the load of France.

    Cooling has no Newey-West error (NaN) where a region left its cooling term out.
    """

    n_days: int
    within_r2: float
    overall_r2: float
    cv_rmse_pct: float
    rho1: float
    hac_se: Floats


def france_errors(fits_by_region: Mapping[str, Fit]) -> FranceErrors:
    """Residuals summed over regions, on the days that all of them have; Newey-West errors of the sums of slopes.

    What a day does to a sum of slopes is what it does to each, so that a day which one region lacks still counts
    with the others in the Newey-West errors.
    """
    fits = list(fits_by_region.values())
    load, within, residual = (
        pd.concat([pd.Series(getattr(fit, name), index=fit.days) for fit in fits], axis=1, join="inner").sum(axis=1)
        for name in ("load", "load_demeaned", "residuals")
    )
    sse = float(residual @ residual)
    on_calendar = residual.asfreq("D", fill_value=0.0).to_numpy()
    has_cooling = all(fit.tau_cooling is not None for fit in fits)
    return FranceErrors(
        n_days=len(load),
        within_r2=1.0 - sse / float(within @ within),
        overall_r2=1.0 - sse / float(((load - load.mean()) ** 2).sum()),
        cv_rmse_pct=float(100.0 * np.sqrt(sse / len(load)) / load.mean()),
        rho1=float(on_calendar[1:] @ on_calendar[:-1]) / sse,
        hac_se=np.array([_newey_west(fits, 0), _newey_west(fits, 1) if has_cooling else np.nan]),
    )


def _newey_west(fits: list[Fit], slope: int) -> float:
    """Newey-West error of the sum of one slope; a day that nobody has moves nothing."""
    moved = pd.concat([fit.influences[slope] for fit in fits]).groupby(level=0).sum().asfreq("D", fill_value=0.0)
    return float(np.sqrt(sandwich_covariance.S_hac_simple(moved.to_numpy()[:, None], NEWEY_WEST_LAGS)[0, 0]))


def france_prediction(holdouts: Sequence[Holdout | None]) -> Prediction | None:
    """Sums on the days that every region predicts; None when a region predicts none."""
    known = [holdout for holdout in holdouts if holdout is not None]
    if len(known) < len(holdouts):
        return None
    actual, predicted = (
        pd.concat([getattr(holdout, name) for holdout in known], axis=1, join="inner").sum(axis=1)
        for name in ("actual", "predicted")
    )
    return Prediction(actual, predicted)


def profile_interval_tau(
    frame: pd.DataFrame, which: Literal["heating", "cooling"], is_cooling_kept: bool
) -> tuple[float, ...] | None:
    """Grid values of one balance point that the free form cannot reject at 5 %, ascending.

    The form is the one decided on the whole frame. SSE(tau) is the least over the other balance point among
    pairs with both slopes positive. Days are discounted for autocorrelation, n (1 - rho1) / (1 + rho1), and
    the degrees of freedom rounded down. None when none is left, or for cooling without a cooling term.
    """
    best = search(frame) if is_cooling_kept else search_heating_only(frame)
    days = _Days.of(frame)
    if best.tau_cooling is None:
        if which == "cooling":
            return None
        profile = _heating_sse(days)
    else:
        profile = _pair_sse(days).min(axis=1 if which == "heating" else 0)
    freedom = best.n_days * (1.0 - best.rho1) / (1.0 + best.rho1) - best.n_parameters
    if freedom < 1:
        return None
    limit = profile.min() * (1.0 + stats.f.ppf(0.95, 1, np.floor(freedom)) / freedom)
    grid = HEATING_GRID_C if which == "heating" else COOLING_GRID_C
    return tuple(float(tau) for tau in grid[profile <= limit])


@dataclass(frozen=True, eq=False)
class _Columns:
    """Hinge columns of several balance points (days x points), as they are and demeaned inside cells."""

    raw: Floats
    demeaned: Floats


@dataclass(frozen=True, eq=False)
class _Days:
    """The frame as arrays, days ascending, cells as integer codes."""

    index: pd.DatetimeIndex
    load: Floats
    load_demeaned: Floats
    temperature: Floats
    cells: Integers
    n_cells: int

    @classmethod
    def of(cls, frame: pd.DataFrame) -> "_Days":
        missing = [name for name in REQUIRED_COLUMNS if name not in frame.columns]
        if missing:
            raise UnfittableError(f"the frame lacks {', '.join(missing)}")
        if frame.empty:
            raise UnfittableError("the frame has no days")
        ordered = frame.sort_values("date_day")
        if ordered["date_day"].duplicated().any() or ordered[list(REQUIRED_COLUMNS)].isna().any(axis=None):
            raise UnfittableError("the frame must hold each day once, without nulls")
        codes, names = pd.factorize(ordered["calendar_cell_code"])
        load = ordered["load_mean_mw"].to_numpy(dtype=np.float64)
        return cls(
            index=pd.DatetimeIndex(ordered["date_day"]),
            load=load,
            load_demeaned=_demean(load[:, None], codes, len(names))[:, 0],
            temperature=ordered["temperature_smoothed_c"].to_numpy(dtype=np.float64),
            cells=codes,
            n_cells=len(names),
        )

    def heating(self, taus: Floats | list[float]) -> _Columns:
        return self._hinges(np.asarray(taus)[None, :] - self.temperature[:, None])

    def cooling(self, taus: Floats | list[float]) -> _Columns:
        return self._hinges(self.temperature[:, None] - np.asarray(taus)[None, :])

    def _hinges(self, degrees: Floats) -> _Columns:
        raw = np.maximum(degrees, 0.0)
        return _Columns(raw, _demean(raw, self.cells, self.n_cells))


def _demean(columns: Floats, cells: Integers, n_cells: int) -> Floats:
    """Subtract from each column (days x columns) its mean inside each cell."""
    sums = np.zeros((n_cells, columns.shape[1]))
    np.add.at(sums, cells, columns)
    means = sums / np.bincount(cells, minlength=n_cells)[:, None]
    return np.asarray(columns - means[cells], dtype=np.float64)


def _residuals(columns: Floats, regressors: Floats) -> Floats:
    """What a regression of each column on the regressors leaves."""
    return np.asarray(columns - regressors @ np.linalg.lstsq(regressors, columns, rcond=None)[0], dtype=np.float64)


def _varies(raw: Floats, demeaned: Floats) -> NDArray[np.bool_]:
    return np.asarray(np.sum(demeaned**2, axis=0) > _DEGENERATE_SHARE * np.sum(raw**2, axis=0))


def _heating_sse(days: _Days) -> Floats:
    """SSE of the form without cooling by heating balance point; inf where the column does not vary."""
    columns = days.heating(HEATING_GRID_C)
    varies = _varies(columns.raw, columns.demeaned)
    squares = np.where(varies, np.sum(columns.demeaned**2, axis=0), 1.0)
    explained = (days.load_demeaned @ columns.demeaned) ** 2 / squares
    return np.where(varies, days.load_demeaned @ days.load_demeaned - explained, np.inf)


def _pair_sse(days: _Days) -> Floats:
    """SSE by heating (rows) and cooling (columns) balance point; inf where the pair is not admissible."""
    heating, cooling = days.heating(HEATING_GRID_C), days.cooling(COOLING_GRID_C)
    hh = np.sum(heating.demeaned**2, axis=0)[:, None]
    cc = np.sum(cooling.demeaned**2, axis=0)[None, :]
    hc = heating.demeaned.T @ cooling.demeaned
    hy = (heating.demeaned.T @ days.load_demeaned)[:, None]
    cy = (cooling.demeaned.T @ days.load_demeaned)[None, :]
    determinant = hh * cc - hc**2
    usable = (
        (COOLING_GRID_C[None, :] >= HEATING_GRID_C[:, None] + SMALLEST_GAP_C)
        & _varies(heating.raw, heating.demeaned)[:, None]
        & _varies(cooling.raw, cooling.demeaned)[None, :]
        & (determinant > _DEGENERATE_SHARE * hh * cc)
    )
    safe = np.where(usable, determinant, 1.0)
    heating_slope = (cc * hy - hc * cy) / safe
    cooling_slope = (hh * cy - hc * hy) / safe
    sse = days.load_demeaned @ days.load_demeaned - heating_slope * hy - cooling_slope * cy
    return np.where(usable & (heating_slope > 0) & (cooling_slope > 0), sse, np.inf)


def _first_least(sse: Floats, frame: pd.DataFrame) -> tuple[int, ...]:
    """Position of the least error; of equal ones the first in grid order."""
    load = frame["load_mean_mw"].to_numpy(dtype=np.float64)
    tolerance = _TIE_SHARE * len(load) * float(load.var())
    return tuple(int(i) for i in np.argwhere(sse <= sse.min() + tolerance)[0])


def _estimator(specification: Specification, with_cooling: bool) -> Estimator:
    if specification == "free":
        return search if with_cooling else search_heating_only
    tau_cooling = COMMON_TAU_COOLING_C if with_cooling else None
    waves = SEASON_WAVES if specification == "season_adjusted" else 0
    return partial(fit, tau_heating=COMMON_TAU_HEATING_C, tau_cooling=tau_cooling, waves=waves)


def _interval(estimate: float, leave_outs: Mapping[str, float]) -> Interval:
    groups = len(leave_outs)
    if groups < 2:
        return Interval(float("nan"), float("nan"), float("nan"))
    values = np.array(list(leave_outs.values()))
    se = float(np.sqrt((groups - 1) / groups * np.sum((values - values.mean()) ** 2)))
    half_width = float(stats.t.ppf(0.975, groups - 1)) * se
    return Interval(se, estimate - half_width, estimate + half_width)


def _cooling_drop_reasons(frame: pd.DataFrame, first: Fit, errors: Jackknife) -> tuple[str, ...]:
    if first.tau_cooling is None:
        return ("no_admissible_cooling_term",)
    n_days_above = int((frame["temperature_smoothed_c"] > first.tau_cooling).sum())
    slope, interval = first.cooling_slope, errors.cooling
    # Written as "not (passes)" where the interval may be NaN: what was not shown is not identified.
    found = {
        "cooling_slope_not_positive": slope <= 0,
        "few_days_above_cooling_point": n_days_above < FEWEST_COOLING_DAYS,
        "few_quarters": len(errors.cooling_leave_outs) < FEWEST_QUARTERS,
        "cooling_interval_includes_zero": not (interval.ci_low > 0 or interval.ci_high < 0),
    }
    return tuple(reason for reason, is_found in found.items() if is_found)


def _weather_load(frame: pd.DataFrame, model: Fit) -> pd.Series:
    """Load that slopes and waves ascribe to temperature and season, MW, on the rows of ``frame``."""
    temperature = frame["temperature_smoothed_c"]
    load = model.heating_slope * (model.tau_heating - temperature).clip(lower=0)
    if model.tau_cooling is not None:
        load = load + model.cooling_slope * (temperature - model.tau_cooling).clip(lower=0)
    waves = yearly_waves(pd.DatetimeIndex(frame["date_day"]), len(model.wave_coefficients) // 2)
    return load + waves @ model.wave_coefficients


def _latest_class_effects(train: pd.DataFrame, model: Fit) -> pd.Series:
    """Cell effect, MW, by day class, from the latest regime of ``train`` that holds the class."""
    without_weather = train["load_mean_mw"] - _weather_load(train, model)
    effects = without_weather.groupby([train["regime_code"], train["day_class_code"]]).mean()
    return effects.sort_index(level="regime_code").groupby(level="day_class_code").last()
