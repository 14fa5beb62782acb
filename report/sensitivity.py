"""Readings of `analysis.weather_sensitivity` that several views share."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from dataelec.warehouse import Row, Warehouse
from report.figures import TableColumn, Text
from report.labels import Labels

MART = "analysis.weather_sensitivity"
# Territories are ranked on equal terms: the same balance points everywhere.
PUBLISHED_SPECIFICATION = "common"
# Where `common` lets heating end and cooling begin.
HEATING_BELOW_C, COOLING_ABOVE_C = 15, 22
QUOTABLE = ("qualified", "degraded")
# Client types whose half-hours Enedis publishes, and whose slopes can therefore be fitted.
ENEDIS_CLIENT_TYPES = ("enedis_residential", "enedis_professional", "enedis_enterprise")
# The rows that map and ranking show.
REGIONS = (
    "territory_level_code = 'region' and client_type_code = 'all' and window_code = 'all'"
    f" and specification_code = '{PUBLISHED_SPECIFICATION}'"
)
NEEDS = {
    MART: (
        "territory_level_code",
        "territory_code",
        "territory_label_fr",
        "client_type_code",
        "window_code",
        "specification_code",
        "is_simulated",
        "window_start_on",
        "window_end_on",
        "load_mean_mw",
        "heating_slope_mw_per_c",
        "heating_slope_mw_per_c_ci95_low",
        "heating_slope_mw_per_c_ci95_high",
        "heating_slope_pct_of_mean_load_per_c",
        "heating_balance_point_c",
        "heating_fit_status",
        "cooling_slope_mw_per_c",
        "cooling_slope_mw_per_c_ci95_low",
        "cooling_slope_mw_per_c_ci95_high",
        "cooling_fit_status",
        "fit_reason_codes",
    )
}

# What `common` gives with other heating balance points, and with another memory of the temperature.
CHOICES = {
    "analysis.sensitivity_diagnostics": (
        "territory_code",
        "client_type_code",
        "diagnostic_code",
        "bin_code",
        "heating_slope_mw_per_c",
    ),
    "core.dim_regions": ("region_code", "is_load_published"),
}
BALANCE_POINTS, MEMORY = "slope_by_balance_point", "slope_by_temperature_memory"
# Balance points that the methodology tells of; further out the model fits badly.
CHOICES_QUERY = f"""
    with slopes as (
        select territory_code, diagnostic_code, bin_code, heating_slope_mw_per_c
        from analysis.sensitivity_diagnostics
        where client_type_code = 'all' and diagnostic_code in ('{BALANCE_POINTS}', '{MEMORY}')
            and (diagnostic_code = '{MEMORY}' or cast(bin_code as double) between 12 and 18)
    )
    select * from slopes
    union all by name
    -- France is a sum that lacks no region.
    select 'FR' as territory_code, diagnostic_code, bin_code, sum(heating_slope_mw_per_c) as heating_slope_mw_per_c
    from slopes
    inner join core.dim_regions on territory_code = region_code
    where is_load_published
    group by all
    having count(heating_slope_mw_per_c) = (select count(*) from core.dim_regions where is_load_published)
    order by all
"""

# The datasets that a slope is made of.
DATASETS = ("consommation-quotidienne-brute-regionale", "temperature-quotidienne-regionale")
PROVENANCE = {"analysis.data_provenance": ("dataset_code", "dataset_label_fr", "is_held")}


@dataclass(frozen=True)
class Measure:
    """A measure of how much a territory adds per °C: a column of the mart, a multiple of the slope of a side."""

    name: str
    column: str
    side: str
    label: Text
    axis: Text
    unit: Text
    said: Text
    digits: int

    @property
    def status(self) -> str:
        """The column that says how far the slope may be trusted."""
        return f"{self.side}_fit_status"

    def end(self, end: str) -> str:
        """The expression for the `low` or `high` end of the interval, which scales as the slope does."""
        slope = f"{self.side}_slope_mw_per_c"
        return f"{self.column} * {slope}_ci95_{end} / {slope}"

    def is_quotable(self, row: Row) -> bool:
        """Whether the measure of a row may be shown as a value."""
        return row[self.column] is not None and row[self.status] in QUOTABLE

    def interval(self, row: Row) -> tuple[float, float] | None:
        """The ends of the interval of a row; None where it has none."""
        slope = f"{self.side}_slope_mw_per_c"
        if row[f"{slope}_ci95_low"] is None:
            return None
        low, high = (row[self.column] * row[f"{slope}_ci95_{end}"] / row[slope] for end in ("low", "high"))
        return low, high


MEASURES = (
    Measure(
        "heating",
        "heating_slope_mw_per_c",
        "heating",
        Text("Chauffage, MW/°C", "Heating, MW/°C"),
        Text("MW de plus par °C plus froid", "MW more per °C colder"),
        Text("MW/°C", "MW/°C"),
        Text("MW supplémentaires par degré perdu", "MW more for each degree colder"),
        0,
    ),
    Measure(
        "heating_share",
        "heating_slope_pct_of_mean_load_per_c",
        "heating",
        Text("en % de la consommation", "as % of consumption"),
        Text("% de la consommation moyenne, par °C plus froid", "% of mean consumption, per °C colder"),
        Text("% par °C", "% per °C"),
        Text("% de consommation en plus par degré perdu", "percent more load for each degree colder"),
        1,
    ),
    Measure(
        "heating_per_inhabitant",
        "heating_slope_w_per_c_per_inhabitant",
        "heating",
        Text("par habitant", "per inhabitant"),
        Text("W de plus par °C plus froid, par habitant", "W more per °C colder, per inhabitant"),
        Text("W/°C", "W/°C"),
        Text("W supplémentaires par habitant et par degré perdu", "W more per inhabitant for each degree colder"),
        1,
    ),
    Measure(
        "heating_per_electric_dwelling",
        "heating_slope_w_per_c_per_electric_dwelling",
        "heating",
        Text("par logement chauffé à l'électricité", "per electrically heated dwelling"),
        Text(
            "W de plus par °C plus froid, par logement chauffé à l'électricité",
            "W more per °C colder, per electrically heated dwelling",
        ),
        Text("W/°C", "W/°C"),
        Text(
            "W supplémentaires par logement chauffé à l'électricité et par degré perdu",
            "W more per electrically heated dwelling for each degree colder",
        ),
        0,
    ),
    Measure(
        "cooling",
        "cooling_slope_mw_per_c",
        "cooling",
        Text("Climatisation, MW/°C", "Cooling, MW/°C"),
        Text("MW de plus par °C plus chaud", "MW more per °C hotter"),
        Text("MW/°C", "MW/°C"),
        Text("MW supplémentaires par degré gagné", "MW more for each degree hotter"),
        0,
    ),
)

TERRITORY = TableColumn("territory_label_fr", Text("Territoire", "Territory"))
CODE = TableColumn("territory_code", Text("Code", "Code"))
STATUS = TableColumn("heating_fit_status", Text("Statut (chauffage)", "Status (heating)"))
REASONS = TableColumn("fit_reason_codes", Text("Réserves", "Caveats"))
# What goes with every slope that can be downloaded.
TRUST = (STATUS, REASONS)
SLOPE = (
    TableColumn("heating_slope_mw_per_c", Text("Sensibilité (MW/°C)", "Sensitivity (MW/°C)"), 1),
    TableColumn("heating_slope_mw_per_c_ci95_low", Text("IC 95 %, bas (MW/°C)", "95% CI, low (MW/°C)"), 1),
    TableColumn("heating_slope_mw_per_c_ci95_high", Text("IC 95 %, haut (MW/°C)", "95% CI, high (MW/°C)"), 1),
)


def available_measures(warehouse: Warehouse) -> list[Measure]:
    """The measures that the mart gives of a region at least: without a census there is none per inhabitant."""
    known = [measure for measure in MEASURES if warehouse.has_column(MART, measure.column)]
    counts = ", ".join(f"count({measure.column}) as {measure.name}" for measure in known)
    (found,) = warehouse.rows(f"select {counts} from {MART} where {REGIONS}")
    return [measure for measure in known if found[measure.name]]


def territories(warehouse: Warehouse, specification: str = PUBLISHED_SPECIFICATION) -> list[Row]:
    """One row per territory over the whole period, largest heating slope first, those without an answer last."""
    return warehouse.rows(
        f"""
        select * from {MART}
        where client_type_code = 'all' and window_code = 'all' and specification_code = ?
        order by heating_slope_mw_per_c desc nulls last, territory_code
        """,
        [specification],
    )


def by_choice(warehouse: Warehouse) -> list[Row]:
    """Heating slopes with other balance points and memories, one row per territory, choice and value of it."""
    return [] if warehouse.missing(CHOICES) else warehouse.rows(CHOICES_QUERY)


def specifications(warehouse: Warehouse) -> list[str]:
    """The specifications of the mart that have a slope to read, the published one first."""
    rows = warehouse.rows(
        f"select distinct specification_code from {MART} where specification_code not in"
        f" (select specification_code from {MART} where fit_reason_codes like 'slope_by_temperature%')"
        " order by specification_code <> ?, specification_code",
        [PUBLISHED_SPECIFICATION],
    )
    return [row["specification_code"] for row in rows]


def datasets_not_held(warehouse: Warehouse) -> list[Row]:
    """Code and label of the datasets that a slope needs and that the lake does not have."""
    if warehouse.missing(PROVENANCE):
        return []
    return warehouse.rows(
        "select dataset_code, dataset_label_fr from analysis.data_provenance"
        " where not is_held and list_contains(?, dataset_code) order by all",
        [list(DATASETS)],
    )


def measured(warehouse: Warehouse, measures: Sequence[Measure]) -> list[Row]:
    """One row per region and measure over the whole period, for the map and the ranking.

    A slope may be sound and the measure still unknown, where nothing says how many people share it.
    """
    union = " union all ".join(
        f"""
        select territory_code, territory_label_fr, '{measure.name}' as measure_code,
            {measure.column} as measure_value, {measure.end("low")} as measure_value_ci95_low,
            {measure.end("high")} as measure_value_ci95_high,
            if({measure.column} is null and {measure.status} in {QUOTABLE}, 'insufficient_data', {measure.status})
                as fit_status,
            fit_reason_codes,
            not contains(coalesce(fit_reason_codes, ''), 'no_load_published') as _is_load_published
        from {MART}
        where {REGIONS}
        """
        for measure in measures
    )
    return warehouse.rows(
        f"select * from ({union}) order by measure_code, measure_value desc nulls last, territory_code"
    )


def by_season(warehouse: Warehouse) -> list[Row]:
    """One row per territory and season, earliest first, with the words that a chart writes."""
    rows = warehouse.rows(
        f"""
        select territory_code, territory_label_fr, window_code, window_start_on, window_end_on, days_used_count,
            heating_slope_mw_per_c, heating_slope_mw_per_c_ci95_low, heating_slope_mw_per_c_ci95_high,
            heating_fit_status, fit_reason_codes
        from {MART}
        where client_type_code = 'all' and starts_with(window_code, 'season_') and specification_code = ?
        order by territory_code, window_code
        """,
        [PUBLISHED_SPECIFICATION],
    )
    labels = Labels.read(warehouse)
    return [row | {"_season": labels.of("window_code", row["window_code"]).fr} for row in rows]


def quotable(row: Row, side: str = "heating") -> bool:
    """Whether the slope of a row on a side may be shown as a value."""
    return row[f"{side}_slope_mw_per_c"] is not None and row[f"{side}_fit_status"] in QUOTABLE


def rank_span(row: Row, rows: Sequence[Row], column: str) -> tuple[int, int]:
    """The best and the worst rank of a row among all: intervals that overlap, or are missing, leave the order open."""

    def end(of: Row, name: str, unknown: float) -> float:
        value = of[f"{column}_ci95_{name}"]
        return unknown if value is None else float(value)

    low, high = end(row, "low", -inf), end(row, "high", inf)
    above = sum(end(other, "low", -inf) > high for other in rows)
    below = sum(end(other, "high", inf) < low for other in rows)
    return 1 + above, len(rows) - below


def shown_on_chart(rows: Sequence[Row]) -> list[Row]:
    """The rows with a slope that may be quoted; the others would stretch the axis without telling anything."""
    return [row for row in rows if quotable(row)]
