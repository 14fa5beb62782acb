"""Plain words, in French and English, for the codes that marts carry."""

from report.figures import Text

LICENCE = "Licence Ouverte (Etalab)"
STATUSES = {
    "qualified": Text("solide", "solid"),
    "degraded": Text("fragile", "fragile"),
    "not_identified": Text("non identifiée", "not identified"),
    "insufficient_data": Text("données insuffisantes", "not enough data"),
}
STATUS_MEANINGS = {
    "qualified": Text(
        "L'intervalle est étroit (moins de 15 % de part et d'autre) et le modèle prévoit bien.",
        "The interval is narrow (less than 15% either side) and the model predicts well.",
    ),
    "degraded": Text(
        "L'ordre de grandeur est sûr, la valeur précise l'est moins : à citer avec son intervalle.",
        "The order of magnitude is sure, the exact value less so: quote it with its interval.",
    ),
    "not_identified": Text(
        "Les données ne permettent pas de distinguer un effet : ne pas citer de valeur.",
        "The data cannot tell an effect apart: do not quote a value.",
    ),
    "insufficient_data": Text(
        "Il n'y a pas assez de données pour répondre.",
        "There is not enough data to answer.",
    ),
}
_SIDES = {"heating": Text("Chauffage", "Heating"), "cooling": Text("Climatisation", "Cooling")}
_SIDE_REASONS = {
    "too_few_days": Text("trop peu de jours assez froids ou assez chauds", "too few days cold or hot enough"),
    "too_few_quarters": Text(
        "trop peu de trimestres pour se fier à un intervalle", "too few quarters to trust an interval"
    ),
    "too_few_regions": Text(
        "une région au moins n'a pas de quoi répondre", "one region at least does not have what it takes to answer"
    ),
    "slope_not_positive": Text("aucun effet positif mesuré", "no positive effect measured"),
    "interval_includes_zero": Text("l'intervalle contient zéro", "the interval includes zero"),
    "interval_too_wide": Text("l'intervalle dépasse ± 40 %", "the interval is wider than ± 40%"),
    "interval_wide": Text("l'intervalle dépasse ± 15 %", "the interval is wider than ± 15%"),
    "balance_point_on_grid_edge": Text(
        "la température seuil est au bord des valeurs essayées",
        "the balance point is at the edge of the values tried",
    ),
}
REASONS = {
    "no_load_published": Text(
        "aucune consommation demi-horaire n'est publiée pour ce territoire",
        "no half-hourly consumption is published for this territory",
    ),
    # A window spans the days that have both, so the code speaks of either.
    "load_or_temperature_not_held": Text(
        "aucun jour de cette période n'a à la fois une consommation et une température",
        "no day of this period has both a consumption and a temperature",
    ),
    "too_few_data": Text("trop peu de données", "too little data"),
    "coverage_below_95_pct": Text(
        "plus de 5 % des jours manquent dans la période", "more than 5% of the days of the period are missing"
    ),
    "fit_error_above_8_pct": Text(
        "l'erreur du modèle dépasse 8 % de la consommation moyenne",
        "the model's error exceeds 8% of the mean consumption",
    ),
    "hold_out_error_above_8_pct": Text(
        "l'erreur de prévision sur la dernière année dépasse 8 %", "the error on the year kept apart exceeds 8%"
    ),
    **{
        f"{side}_{code}": Text(f"{name.fr} : {reason.fr}", f"{name.en}: {reason.en}")
        for side, name in _SIDES.items()
        for code, reason in _SIDE_REASONS.items()
    },
}
SPECIFICATIONS = {
    "common": Text("Mêmes seuils partout (15 °C et 22 °C)", "Same balance points everywhere (15 °C and 22 °C)"),
    "free": Text("Seuils propres à chaque région", "Balance points of each region's own"),
    "season_adjusted": Text("Saison et durée du jour mises à part", "Season and daylight set apart"),
}
TREATMENTS = {
    "excluded": Text("écarté", "left out"),
    "repaired": Text("réparé", "repaired"),
    "absent": Text("absent à la source", "absent at the source"),
    "compared": Text("comparé", "compared"),
}
UNITS = {
    "half_hour": Text("demi-heures", "half-hours"),
    "hour": Text("heures", "hours"),
    "row": Text("lignes de la source", "rows of the source"),
    "day": Text("jours", "days"),
    "year": Text("années", "years"),
}
QUALITY_REASONS_EN = {
    "phantom_hour": "Half-hour that does not exist, at the spring clock change",
    "ignored_by_publisher": "Row to be ignored according to the publisher",
    "placeholder": "Row with a status but no value",
    "missing_value": "Missing value",
    "not_positive": "Zero or negative value",
    "scrambled_regions": "Regions mixed up (known, dated defect)",
    "other_region_values": "Values of another region (detected)",
    "spike": "Isolated spike (detected)",
    "published_date_different": "Published date contradicts the published instant",
    "autumn_hour_not_published": "Repeated hour not published, at the autumn clock change",
    "half_hour_not_published": "Half-hour not published",
    "day_below_90_pct_valid": "Day with less than 90% of valid half-hours",
    "temperature_interpolated": "Missing temperature interpolated between its neighbours",
    "temperature_missing": "Missing temperature",
    "annual_energy_against_published": "Yearly energy compared with the published total",
    "other_energy_carrier": "Row of gas beside electricity",
    "all_secret": "Consumption wholly withheld, published as zero",
    "above_subscribed_power": "Consumption above what the subscribed power allows",
    "thermosensitive_unit_unknown": "Thermosensitive part that contradicts the energy published",
    "thermosensitive_unit_repaired": "Unit of the thermosensitive part restored",
    "other_form_used": "Same consumption published in another form",
    "territory_unknown": "Unknown territory",
    "profile_unknown": "Unknown customer profile",
    "hour_not_published": "Hour not published",
    "arrondissement_merged": "Municipal district counted in its commune",
    "commune_merged": "Commune merged into another",
    "station_temperature_missing": "Mean temperature missing at a station",
    "heat_loss_implausible": "Impossible heat loss on a certificate",
    "observed_temperature_missing": "Temperature missing in an observation",
    "load_against_eco2mix": "Yearly energy compared with éCO2mix (same half-hours)",
    "lower_level_against_published": "Sum of the level below compared with the level published",
    "sectors_against_published_total": "Sum of the sectors compared with the published total",
    "borders_against_published_exports": "Exports by border compared with the published total",
}
DAY_KINDS = {
    "working_day": Text("lundi à vendredi", "Monday to Friday"),
    "other_day": Text("week-ends et jours fériés", "weekends and public holidays"),
}
PROFILE_KINDS = {
    "winter_working_day": Text("hiver, en semaine", "winter, weekdays"),
    "winter_other_day": Text("hiver, week-end", "winter, weekends"),
    "summer_working_day": Text("été, en semaine", "summer, weekdays"),
    "summer_other_day": Text("été, week-end", "summer, weekends"),
}
CLIENT_TYPES = {
    "all": Text("Tous clients", "All clients"),
    "residential": Text("Logements", "Homes"),
    "tertiary": Text("Bureaux, commerces, services", "Offices, shops, services"),
    "industry": Text("Industrie", "Industry"),
    "agriculture": Text("Agriculture", "Agriculture"),
    "unknown": Text("Secteur inconnu", "Unknown sector"),
}
ENEDIS_CATEGORIES = {
    "enedis_residential": Text("Particuliers", "Households"),
    "enedis_professional": Text("Professionnels", "Small firms"),
    "enedis_enterprise": Text("Entreprises", "Companies"),
}
CLIENT_VERBS = {
    "all": Text("tous les clients consomment", "all clients use"),
    "residential": Text("les logements consomment", "homes use"),
    "tertiary": Text("bureaux, commerces et services consomment", "offices, shops and services use"),
    "industry": Text("l'industrie consomme", "industry uses"),
    "agriculture": Text("l'agriculture consomme", "agriculture uses"),
    "unknown": Text("des clients de secteur inconnu consomment", "clients of an unknown sector use"),
}
PRODUCTION_KINDS = {
    "nuclear": Text("Nucléaire", "Nuclear"),
    "hydro": Text("Hydraulique", "Hydro"),
    "wind": Text("Éolien", "Wind"),
    "solar": Text("Solaire", "Solar"),
    "thermal": Text("Gaz, fioul, charbon", "Gas, oil, coal"),
    "bioenergy": Text("Bioénergies", "Bioenergy"),
}
ENERGIES = {**PRODUCTION_KINDS, "consumption": Text("Consommation", "Consumption")}
BORDERS = {
    "gb": Text("Grande-Bretagne", "Great Britain"),
    "cwe": Text("Allemagne, Benelux", "Germany, Benelux"),
    "ch": Text("Suisse", "Switzerland"),
    "it": Text("Italie", "Italy"),
    "es": Text("Espagne", "Spain"),
}
MONTHS = (
    Text("janvier", "January"),
    Text("février", "February"),
    Text("mars", "March"),
    Text("avril", "April"),
    Text("mai", "May"),
    Text("juin", "June"),
    Text("juillet", "July"),
    Text("août", "August"),
    Text("septembre", "September"),
    Text("octobre", "October"),
    Text("novembre", "November"),
    Text("décembre", "December"),
)


def plain(words: dict[str, Text], code: str) -> Text:
    """The words for a code; a code without words is shown as it is rather than hidden."""
    return words.get(code, Text(code, code))


def reasons(codes: str | None) -> list[Text]:
    """The words for a comma-separated list of reason codes."""
    return [plain(REASONS, code) for code in (codes or "").split(",") if code]


def all_reasons(codes: str | None) -> Text:
    """The words for a list of reason codes as one text."""
    words = reasons(codes)
    return Text("; ".join(each.fr for each in words).replace("; ", " ; "), "; ".join(each.en for each in words))


def window(code: str) -> Text:
    """The words for a window of time: `season_2017` is the twelve months from July 2017."""
    if code.startswith("season_"):
        year = code.removeprefix("season_")
        label = f"{year}-{int(year[:4]) + 1}" if year.isdigit() else year
        return Text(label, label)
    return {
        "all": Text("toute la période", "whole period"),
        "before_2022_09_15": Text("avant le 15 septembre 2022", "before 15 September 2022"),
        "since_2022_09_15": Text("depuis le 15 septembre 2022", "since 15 September 2022"),
    }.get(code, Text(code, code))
