"""Maps with real outlines: where insulation helps most, by département and by commune."""

from report.charts.drawing import HEAT, NOT_MEASURED, Spec, spec, tooltip
from report.figures import Text

HEIGHT_PX = 460


def map_priority(language: str) -> Spec:
    """An outline a département, dark where insulation helps most; a click shows its communes."""
    return _outlines("'#/commune?departement_code=' + datum.territory_code", language)


def map_communes(language: str) -> Spec:
    """An outline a commune of one département; a click opens its sheet."""
    place = "'#/commune?territory_code=' + datum.territory_code + '&departement_code=' + datum.departement_code"
    return _outlines(place, language)


def _outlines(address: str, language: str) -> Spec:
    hint = tooltip(
        ("territory_label_fr", Text("Nom", "Name"), None),
        ("priority_rank", Text("Rang", "Rank"), ",.1~f"),
        ("priority_rank_ci90_low", Text("Rang, de (90 %)", "Rank, from (90%)"), ",.0f"),
        ("priority_rank_ci90_high", Text("à", "to"), ",.0f"),
        ("loss_w_per_c_per_electric_dwelling", Text("W/°C par logement", "W/°C per dwelling"), ",.0f"),
        language=language,
    )
    return spec(
        height=HEIGHT_PX,
        projection={"type": "identity"},
        transform=[
            {"filter": "datum._outline !== null"},
            {"calculate": "datum.priority_rank / datum.areas_ranked_count * 100", "as": "rank_pct"},
            {"calculate": address, "as": "address"},
        ],
        # A place without a rank is drawn as well, grey.
        mark={"type": "geoshape", "stroke": "white", "strokeWidth": 0.5, "cursor": "pointer", "invalid": "show"},
        encoding={
            "shape": {"field": "_outline", "type": "geojson"},
            "href": {"field": "address"},
            "tooltip": hint,
            "color": {
                "condition": {"test": "datum.priority_rank === null", "value": NOT_MEASURED},
                "field": "rank_pct",
                "type": "quantitative",
                "title": Text("Rang, en % (0 : en tête)", "Rank, % (0: first)").to(language),
                "scale": {"range": HEAT[::-1], "domain": [0, 100]},
                "legend": {"orient": "bottom", "gradientLength": 200, "gradientThickness": 10, "tickCount": 4},
            },
        },
    )
