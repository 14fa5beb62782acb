"""Series whose truth is known, shaped like the real ones: their calendar, their weather, their noise.

A simulated region has the real days, temperatures, calendar cells, cell effects and gaps of a region; its slopes
and balance points are planted, and its noise is an autoregression fitted to the real residuals. It is fitted to
their principal components over the regions, so that regions err together as in reality, on the day and over weeks.
"""

from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.linalg import solve_toeplitz
from scipy.signal import lfilter

Floats = NDArray[np.float64]

# A month of daily memory at least: shorter ones lose the slow part that makes ordinary errors too small.
NOISE_ORDER = 30
# Days thrown away until the autoregression has forgotten its start.
WARM_UP_DAYS = 500

DAYS_QUERY = """
    select
        series.territory_code,
        days.*
    from intermediate.int_regression_days_prepared as days
    inner join intermediate.int_load_series_listed as series using (series_code)
    where
        series.is_daily
        and series.client_type_code = 'all'
        and series.territory_level_code = 'region'
        and series.country_series_code is not null
    order by series.territory_code, days.date_day
"""
PLANTED_QUERY = """
    select
        series.territory_code,
        max(case when fits.regressor_code = 'heating' then fits.parameter end) as heating_balance_point_c,
        max(case when fits.regressor_code = 'cooling' then fits.parameter end) as cooling_balance_point_c,
        max(case when fits.regressor_code = 'heating' then fits.coefficient end) as heating_slope_mw_per_c,
        max(case when fits.regressor_code = 'cooling' then fits.coefficient end) as cooling_slope_mw_per_c
    from intermediate.int_fits_solved as fits
    inner join intermediate.int_load_series_listed as series using (series_code)
    where
        series.is_daily
        and series.client_type_code = 'all'
        and series.country_series_code is not null
        and fits.specification_code = 'free'
        and fits.form_code = 'full'
        and fits.left_out_kind_code = 'none'
        and fits.is_selected
        and fits.window_code = 'all'
    group by series.territory_code
    order by series.territory_code
"""


@dataclass(frozen=True, eq=False)
class World:
    """What is simulated from; arrays are days x regions, regions in the order of ``planted``.

    ``planted`` has slopes in MW/°C and balance points in °C by ``territory_code``; ``days`` are the real rows.
    ``filters`` (components x lags) and ``shocks`` (days x components) belong to the noise, which ``directions``
    (regions x components) turns back into regions.
    """

    days: pd.DataFrame
    planted: pd.DataFrame
    weather_load_mw: Floats
    cell_load_mw: Floats
    directions: Floats
    filters: Floats
    shocks: Floats

    @classmethod
    def of(cls, warehouse: duckdb.DuckDBPyConnection) -> "World":
        """Read a warehouse of real files: the fit with free balance points gives the truth, its residuals the noise."""
        days = warehouse.execute(DAYS_QUERY).df()
        planted = warehouse.execute(PLANTED_QUERY).df().set_index("territory_code")
        days = days[days["territory_code"].isin(planted.index)].reset_index(drop=True)
        truth = planted.loc[days["territory_code"]].reset_index(drop=True)
        heating = (truth["heating_balance_point_c"] - days["temperature_c"]).clip(lower=0)
        cooling = (days["temperature_c"] - truth["cooling_balance_point_c"]).clip(lower=0)
        days["weather_load_mw"] = truth["heating_slope_mw_per_c"] * heating + truth["cooling_slope_mw_per_c"] * cooling
        days["without_weather_mw"] = (days["load_mean_mw"] - days["weather_load_mw"]).where(
            days["exclusion_code"].isna()
        )
        cells = ["territory_code", "calendar_cell_code"]
        days["cell_load_mw"] = days.groupby(cells)["without_weather_mw"].transform("mean")
        days["residual_mw"] = (days["without_weather_mw"] - days["cell_load_mw"]).fillna(0.0)
        residuals = _by_region(days, "residual_mw")
        _, directions = np.linalg.eigh(residuals.T @ residuals)
        components = residuals @ directions
        filters = np.stack([_autoregression(component) for component in components.T])
        shocks = np.column_stack(
            [
                lfilter(np.r_[1.0, -coefficients], [1.0], component)[NOISE_ORDER:]
                for coefficients, component in zip(filters, components.T, strict=True)
            ]
        )
        return cls(
            days=days,
            planted=planted,
            weather_load_mw=_by_region(days, "weather_load_mw"),
            cell_load_mw=_by_region(days, "cell_load_mw"),
            directions=directions,
            filters=filters,
            shocks=shocks - shocks.mean(axis=0),
        )

    def noise(self, seed: int) -> Floats:
        """MW, days x regions: real shocks drawn with replacement, run through the memory of their component."""
        generator = np.random.default_rng(seed)
        n_days = len(self.cell_load_mw)
        components = [
            lfilter([1.0], np.r_[1.0, -coefficients], generator.choice(shock, n_days + WARM_UP_DAYS))[WARM_UP_DAYS:]
            for coefficients, shock in zip(self.filters, self.shocks.T, strict=True)
        ]
        return np.asarray(np.column_stack(components) @ self.directions.T, dtype=np.float64)

    def rows(self, client_type_code: str, load_mw: Floats) -> pd.DataFrame:
        """The rows of ``int_regression_days_prepared`` for one simulated client type in every region."""
        columns = [
            "date_day",
            "season_regime_code",
            "day_class_code",
            "calendar_cell_code",
            "calendar_quarter_code",
            "segment_start_on",
            "day_group_number",
            "temperature_c",
            "temperature_mean_c",
            "temperature_smoothed_longer_c",
            "is_temperature_from_stations",
            "wind_mean_m_s",
            "wind_above_usual_m_s",
            "cloud_cover_mean_pct",
            "humidity_mean_pct",
            "exclusion_code",
        ]
        load = pd.Series(load_mw.T.reshape(-1)).where(self.days["load_mean_mw"].notna())
        return self.days[columns].assign(
            series_code=self.days["territory_code"] + f"|{client_type_code}|daily", load_mean_mw=load
        )


def _by_region(days: pd.DataFrame, column: str) -> Floats:
    """Days x regions; every region has the same days."""
    wide = days.pivot(index="date_day", columns="territory_code", values=column)
    return np.asarray(wide, dtype=np.float64)


def _autoregression(residual: Floats) -> Floats:
    """Yule-Walker coefficients of ``NOISE_ORDER`` lags, which are stationary whatever the series."""
    n_days = len(residual)
    covariances = np.array([residual[lag:] @ residual[: n_days - lag] for lag in range(NOISE_ORDER + 1)]) / n_days
    return np.asarray(solve_toeplitz(covariances[:-1], covariances[1:]), dtype=np.float64)
