"""Client types of Enedis: what each adds when it gets colder, and what each uses month by month."""

from collections.abc import Mapping, Sequence

from dataelec.warehouse import Row, Warehouse
from report import numbers, sensitivity, texts
from report.figures import LANGUAGES, Dataset, Drawing, Figure, TableColumn, Text, findings_by, sentence
from report.labels import Labels
from report.sensitivity import ENEDIS_CLIENT_TYPES
from report.views.base import Panel

MONTHS_MART = "analysis.consumption_by_client_type"
SLOPE_NEEDS = {sensitivity.MART: (*sensitivity.NEEDS[sensitivity.MART], "is_load_partly_modelled")}
MONTHS_NEEDS = {
    MONTHS_MART: (
        "territory_level_code",
        "territory_code",
        "territory_label_fr",
        "client_type_code",
        "nomenclature_code",
        "period_kind_code",
        "period_year",
        "period_of_year_code",
        "energy_mwh",
        "energy_share_of_clients",
        "coverage_share",
    )
}
BY_TERRITORY = ("territory_code",)
CLIENTS = TableColumn("client_type_code", Text("Clients", "Clients"))
SLOPES = (
    sensitivity.CODE,
    CLIENTS,
    *sensitivity.SLOPE,
    *sensitivity.TRUST,
)
MONTHS = (
    sensitivity.CODE,
    TableColumn("period_year", Text("Année", "Year")),
    TableColumn("period_of_year_code", Text("Mois", "Month")),
    CLIENTS,
    TableColumn("energy_mwh", Text("Énergie (MWh)", "Energy (MWh)"), 0),
    TableColumn("energy_share_of_clients", Text("Part du total Enedis (0 à 1)", "Share of Enedis's total (0 to 1)"), 3),
    TableColumn(
        "coverage_share", Text("Part des demi-heures publiée (0 à 1)", "Share of half-hours published (0 to 1)"), 3
    ),
)
# Names at the ends of lines are at least this share of the axis apart, so that none covers another.
NAME_GAP = 0.12

SCOPE = Text(
    "Professionnels : jusqu'à 36 kVA ; entreprises : au-delà. Le réseau de transport, les réseaux locaux et les pertes"
    " n'y sont pas.",
    "Small businesses: up to 36 kVA; companies: above. The transmission grid, local grids and losses are not included.",
)
PARTLY_MODELLED = Text(
    " Enedis calcule une partie de ces totaux à partir de la température : la pente reproduit en partie cette"
    " hypothèse, et l'incertitude réelle est plus grande que l'intervalle ne le dit.",
    " Enedis models part of these totals from temperature: the slope partly reflects that assumption, and the true"
    " uncertainty is larger than the interval suggests.",
)
SLOPE_SOURCES = Text(
    f"Sources : Enedis, et Weathernews sur ODRÉ, {texts.LICENCE}",
    f"Sources: Enedis, and Weathernews on ODRÉ, {texts.LICENCE}",
)
MONTHS_SOURCES = Text(f"Source : Enedis, {texts.LICENCE}", f"Source: Enedis, {texts.LICENCE}")


def _slope_rows(warehouse: Warehouse, code: str | None) -> list[Row]:
    """A row per territory and client type over the whole period, steepest first, those without a value last."""
    rows = warehouse.rows(
        f"""
        select territory_code, client_type_code, window_start_on, window_end_on, is_load_partly_modelled,
            heating_slope_mw_per_c, heating_slope_mw_per_c_ci95_low, heating_slope_mw_per_c_ci95_high,
            heating_fit_status, fit_reason_codes
        from {sensitivity.MART}
        where list_contains($client_types, client_type_code) and window_code = 'all'
            and specification_code = $specification and territory_code = coalesce($code, territory_code)
        order by territory_level_code = 'country' desc, territory_code, heating_slope_mw_per_c desc nulls last,
            client_type_code
        """,
        {
            "client_types": list(ENEDIS_CLIENT_TYPES),
            "specification": sensitivity.PUBLISHED_SPECIFICATION,
            "code": code,
        },
    )
    labels = Labels.read(warehouse)
    return [row | _slope_words(row, labels) for row in rows]


def _slope_words(row: Row, labels: Labels) -> dict[str, str]:
    """What the chart writes of a row: who, how sure, between what and what, and why not surer."""
    interval: Text | str = ""
    if sensitivity.quotable(row):
        digits = 1 if row["heating_slope_mw_per_c"] < 100 else 0
        interval = sentence(
            " ({low} à {high})",
            " ({low} to {high})",
            low=(row["heating_slope_mw_per_c_ci95_low"], digits),
            high=(row["heating_slope_mw_per_c_ci95_high"], digits),
        )
    name = sentence(
        "{who} · {status}{interval}",
        "{who} · {status}{interval}",
        who=labels.of("client_type_code", row["client_type_code"]),
        status=labels.of("heating_fit_status", row["heating_fit_status"]),
        interval=interval,
    )
    reasons = labels.joined("fit_reason_codes", row["fit_reason_codes"])
    return {f"_name_{language}": name.to(language) for language in LANGUAGES} | {
        f"_reasons_{language}": reasons.to(language) or numbers.DASH for language in LANGUAGES
    }


def _slopes_figure(
    name: str, title: Text, rows: Sequence[Row], filters: Sequence[str] = (), findings: Mapping[str, Text] | None = None
) -> Figure:
    """The figure of slopes, with the warning where the publisher models its totals."""
    return Figure(
        name,
        "categories",
        title,
        sentence(
            "MW de plus par °C plus froid, par type de client d'Enedis ; entre parenthèses, l'intervalle à 95 %."
            "{modelled} {scope}",
            "MW more per °C colder, by client type of Enedis; in brackets, the 95% interval.{modelled} {scope}",
            modelled=PARTLY_MODELLED if any(row["is_load_partly_modelled"] for row in rows) else "",
            scope=SCOPE,
        ),
        {"main": name},
        filters,
        _days_of(rows),
        SLOPE_SOURCES,
        findings or {},
    )


def _steepest(rows: Sequence[Row], labels: Labels) -> Text | None:
    """Whose slope is the largest of those that may be quoted."""
    leaders = sensitivity.shown_on_chart(rows)
    if not leaders:
        return None
    return sentence(
        "{client_type} : environ {slope} MW de plus par °C plus froid",
        "{client_type}: about {slope} MW more per °C colder",
        client_type=labels.of("client_type_code", leaders[0]["client_type_code"]),
        slope=numbers.supported(
            *(leaders[0][f"heating_slope_mw_per_c{end}"] for end in ("", "_ci95_low", "_ci95_high"))
        ),
    )


def _days_of(rows: Sequence[Row]) -> Text:
    """The first and the last day that the slopes rest on."""
    first = min(row["window_start_on"] for row in rows if row["window_start_on"])
    last = max(row["window_end_on"] for row in rows if row["window_end_on"])
    return Text(*(f"{numbers.day(first, each)} {numbers.DASH} {numbers.day(last, each)}" for each in LANGUAGES))


def _has_slopes(rows: Sequence[Row]) -> bool:
    return any(row["heating_slope_mw_per_c"] is not None for row in rows)


def _slopes(warehouse: Warehouse, code: str) -> Drawing:
    rows = _slope_rows(warehouse, code)
    if not _has_slopes(rows):
        return Drawing()
    title = _steepest(rows, Labels.read(warehouse)) or SLOPES_PANEL.title
    name = f"categories-{code}"
    return Drawing([Dataset(name, SLOPES[1:], ("client_type_code",), rows)], [_slopes_figure(name, title, rows)])


def _month_rows(warehouse: Warehouse, code: str | None) -> list[Row]:
    """A row per territory, month and client type, earliest first; `_segment` changes where months are missing."""
    rows = warehouse.rows(
        f"""
        with months as (
            select {", ".join(MONTHS_NEEDS[MONTHS_MART])},
                make_date(period_year, cast(period_of_year_code as integer), 1) as month
            from {MONTHS_MART}
            where period_kind_code = 'month' and nomenclature_code = 'enedis_category'
                and list_contains($client_types, client_type_code)
                and territory_code = coalesce($code, territory_code)
        )
        select * exclude (month), date_diff('month', date '2000-01-01', month) - count(energy_mwh) over (
                partition by territory_code, client_type_code order by month
            ) as _segment
        from months
        order by territory_level_code = 'country' desc, territory_code, month, client_type_code
        """,
        {"client_types": list(ENEDIS_CLIENT_TYPES), "code": code},
    )
    name_heights = _name_heights(rows)
    return [
        row
        | {
            "_name_mwh": name_heights.get(
                (row["territory_code"], row["client_type_code"], row["period_year"], row["period_of_year_code"])
            )
        }
        for row in rows
    ]


def _name_heights(rows: Sequence[Row]) -> dict[tuple[str, str, int, str], float]:
    """Where the name of each line stands, MWh: at its last month, moved up where it would cover the one below."""
    heights: dict[tuple[str, str, int, str], float] = {}
    for code in dict.fromkeys(row["territory_code"] for row in rows):
        own = [row for row in rows if row["territory_code"] == code and row["energy_mwh"] is not None]
        gap = NAME_GAP * max((float(row["energy_mwh"]) for row in own), default=0.0)
        latest = {row["client_type_code"]: row for row in own}
        least = 0.0
        for row in sorted(latest.values(), key=lambda each: float(each["energy_mwh"])):
            height = max(float(row["energy_mwh"]), least)
            heights[code, row["client_type_code"], row["period_year"], row["period_of_year_code"]] = height
            least = height + gap
    return heights


def _winter_against_summer(rows: Sequence[Row], labels: Labels) -> Text | None:
    """How many times its energy of August the client type that differs most took in January, in the newest year."""
    energies = {
        (row["client_type_code"], row["period_year"], row["period_of_year_code"]): row["energy_mwh"] for row in rows
    }
    ratios = [
        (year, january / august, client_type)
        for (client_type, year, month), january in energies.items()
        if month == "01" and january and (august := energies.get((client_type, year, "08")))
    ]
    if not ratios:
        return None
    year, ratio, client_type = max(ratios)
    return sentence(
        "{client_type} : {ratio} fois plus en janvier qu'en août {year}",
        "{client_type}: {ratio} times as much in January as in August {year}",
        client_type=labels.of("client_type_code", client_type),
        ratio=(ratio, 1),
        year=str(year),
    )


def _months_figure(
    name: str, title: Text, rows: Sequence[Row], filters: Sequence[str] = (), findings: Mapping[str, Text] | None = None
) -> Figure:
    years = [int(row["period_year"]) for row in rows]
    span = f"{min(years)}{numbers.DASH}{max(years)}"
    return Figure(
        name,
        "category_months",
        title,
        sentence(
            "TWh par mois, par type de client d'Enedis. {scope} Un trait s'arrête où des mois manquent.",
            "TWh per month, by client type of Enedis. {scope} A line breaks where months are missing.",
            scope=SCOPE,
        ),
        {"main": name},
        filters,
        Text(span, span),
        MONTHS_SOURCES,
        findings or {},
    )


def _has_months(rows: Sequence[Row]) -> bool:
    return any(row["energy_mwh"] is not None for row in rows)


def _months(warehouse: Warehouse, code: str) -> Drawing:
    rows = _month_rows(warehouse, code)
    if not _has_months(rows):
        return Drawing()
    name = f"category_months-{code}"
    keys = ("period_year", "period_of_year_code", "client_type_code")
    title = _winter_against_summer(rows, Labels.read(warehouse)) or MONTHS_PANEL.title
    return Drawing([Dataset(name, MONTHS[1:], keys, rows)], [_months_figure(name, title, rows)])


SLOPES_PANEL = Panel(
    "categories",
    Text("Qui consomme plus quand il fait plus froid", "Who consumes more when it gets colder"),
    SLOPE_NEEDS,
    _slopes,
)
MONTHS_PANEL = Panel(
    "category_months", Text("Qui consomme, mois par mois", "Who consumes, month by month"), MONTHS_NEEDS, _months
)
PANELS = (SLOPES_PANEL, MONTHS_PANEL)


def of_chosen_territory(warehouse: Warehouse) -> Drawing:
    """Both figures for the territory that the reader chooses."""
    drawing, labels = Drawing(), Labels.read(warehouse)
    slopes = [] if warehouse.missing(SLOPE_NEEDS) else _slope_rows(warehouse, None)
    if _has_slopes(slopes):
        drawing += Drawing(
            [Dataset("categories", SLOPES, ("territory_code", "client_type_code"), slopes)],
            [
                _slopes_figure(
                    "categories",
                    SLOPES_PANEL.title,
                    slopes,
                    BY_TERRITORY,
                    findings_by(slopes, lambda rows: _steepest(rows, labels)),
                )
            ],
        )
    months = [] if warehouse.missing(MONTHS_NEEDS) else _month_rows(warehouse, None)
    if _has_months(months):
        keys = ("territory_code", "period_year", "period_of_year_code", "client_type_code")
        drawing += Drawing(
            [Dataset("category_months", MONTHS, keys, months)],
            [
                _months_figure(
                    "category_months",
                    MONTHS_PANEL.title,
                    months,
                    BY_TERRITORY,
                    findings_by(months, lambda rows: _winter_against_summer(rows, labels)),
                )
            ],
        )
    return drawing
