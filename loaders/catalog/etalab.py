"""Datasets of Etalab on territories: outlines of communes, and which communes and EPCI there are in each year."""

from loaders.catalog.entries import COMMUNE, DEPARTEMENT, EPCI, LICENCE, REGION, Column, Dataset, Kind

_YEAR = Column("annee", Kind.INTEGER, low=1990, high=2100)
"""Year of the territories. No column says it: whoever lands a file does; else it is null."""

DATASETS = (
    Dataset(
        dataset_id="contours-administratifs-communes",
        portal="etalab",
        title="Contours administratifs : communes (1000 m)",
        producer="IGN (ADMIN EXPRESS), Etalab",
        licence=LICENCE,
        grain="commune and year; outline in degrees (GeoJSON)",
        key=("code", "annee"),
        columns=(
            Column("code", Kind.CODE, needed=True, code=COMMUNE),
            Column("nom", Kind.TEXT),
            Column("departement", Kind.CODE, needed=True, code=DEPARTEMENT),
            Column("region", Kind.CODE, needed=True, code=REGION),
            Column("geometry", Kind.TEXT, needed=True),
            _YEAR,
        ),
        time_column="annee",
        files=(("2025", "/contours-administratifs/2025/geojson/communes-1000m.geojson"),),
        fewest_rows=30_000,
    ),
    Dataset(
        dataset_id="decoupage-administratif-communes",
        portal="decoupage",
        title="Découpage administratif : communes",
        is_proved=True,
        producer="INSEE (code officiel géographique), Etalab",
        licence=LICENCE,
        grain="commune, delegated or associated commune or arrondissement, and year",
        key=("code", "type", "annee"),
        columns=(
            Column("code", Kind.CODE, needed=True, code=COMMUNE),
            Column("nom", Kind.TEXT),
            Column(
                "type",
                Kind.TEXT,
                needed=True,
                known=("commune-actuelle", "commune-deleguee", "commune-associee", "arrondissement-municipal"),
            ),
            Column("departement", Kind.CODE, code=DEPARTEMENT),
            # Of a delegated or associated commune: the commune that it became part of.
            Column("chefLieu", Kind.CODE, code=COMMUNE),
            # Of a commune: the codes of those that it was made of, as a JSON list.
            Column("anciensCodes", Kind.TEXT),
            _YEAR,
        ),
        time_column="annee",
        fewest_rows=30_000,
    ),
    Dataset(
        dataset_id="decoupage-administratif-epci",
        portal="decoupage",
        title="Découpage administratif : EPCI à fiscalité propre",
        is_proved=True,
        producer="DGCL, INSEE, Etalab",
        licence=LICENCE,
        grain="EPCI and year, with its communes",
        key=("code", "annee"),
        columns=(
            Column("code", Kind.CODE, needed=True, code=EPCI),
            Column("nom", Kind.TEXT),
            Column("modeFinancement", Kind.TEXT, needed=True),
            # A JSON list of communes with `code`.
            Column("membres", Kind.TEXT, needed=True),
            _YEAR,
        ),
        time_column="annee",
        fewest_rows=1_000,
    ),
)
