"""Sentences that several views share; what a single code is called stands in the warehouse (`report.labels`)."""

from report.figures import Text

LICENCE = "Licence Ouverte (Etalab)"
STATUS_MEANINGS = {
    "qualified": Text(
        "L'intervalle est étroit (moins de 15 % de part et d'autre) et le modèle prévoit bien.",
        "The interval is narrow (less than 15% either side) and the model predicts well.",
    ),
    "degraded": Text(
        "L'ordre de grandeur est fiable, la valeur exacte l'est moins : à citer avec son intervalle.",
        "The order of magnitude is reliable, the exact value less so: quote it with its interval.",
    ),
    "not_identified": Text(
        "Les données ne permettent pas de distinguer un effet : ne pas citer de valeur.",
        "The data show no distinguishable effect: do not quote a value.",
    ),
    "insufficient_data": Text(
        "Il n'y a pas assez de données pour répondre.",
        "There is not enough data to answer.",
    ),
}
