"""Datasets of Agence ORE (Data Fair): yearly consumption, the long form and the frozen one of a column per sector."""

from dataclasses import replace

from loaders.catalog.entries import (
    COMMUNE,
    DEPARTEMENT,
    EPCI,
    IRIS,
    LICENCE,
    NAF_DIVISION,
    REGION,
    Column,
    Dataset,
    Kind,
    Ratio,
)

# Rows that lie nowhere carry these words; the wide form has zeros in the codes of overseas regions, the long form not.
_NOWHERE = ("Fr", "XX")
_REGION = replace(REGION, words=_NOWHERE)
_DEPARTEMENT = replace(DEPARTEMENT, words=_NOWHERE)
_COMMUNE = replace(COMMUNE, words=(*_NOWHERE, "XXXXX", "ZZZZZ"))
_CARRIERS = ("electricite", "gaz*", "chaleur*", "froid*", "reseau*")
_CATEGORIES = ("res", "pro", "ent", "res?pro", "ent?pro", "x", "nap", "inconnu*", "non affecte*", "autre*")
_SECTORS = (
    *("residentiel", "tertiaire", "industrie", "agriculture", "inconnu", "nap", "secteur inconnu", "non affecte*"),
    *("a", "i", "r", "t", "x", "na"),
)
# A home draws 4 to 6 MWh of electricity a year and 10 to 15 of gas: a thousand times as much is kWh.
_MWH_A_HOME = (0.2, 150.0)


def _sector(letter: str, name: str, quality: str = "Indice", sector: str = "") -> tuple[Column, ...]:
    """Return a sector's columns of the wide form, with the portal's labels (their double spaces do not count)."""
    return (
        # A département that consumed 100 TWh would be one published in kWh.
        Column(f"conso{letter}", Kind.NUMBER, aliases=(f"Consommation {name} (MWh)",), low=0, high=1e8),
        Column(f"pdl{letter}", Kind.NUMBER, aliases=(f"Nombre de points {name}",), is_count=True),
        Column(
            f"nombre_maille_secretisees_{letter}",
            Kind.INTEGER,
            aliases=(f"Nombre de mailles secretisées ({name.lower()})",),
        ),
        Column(f"indqual{letter}", Kind.NUMBER, aliases=(f"{quality} qualité {sector or name}",)),
    )


def _long_form(level: str, territory: str, columns: tuple[Column, ...], key: tuple[str, ...]) -> Dataset:
    """Return the long form at one territory level: a row for each operator, category, sector and NAF division."""
    return Dataset(
        dataset_id=f"consommation-annuelle-d-electricite-et-gaz-par-{level}",
        portal="ore",
        title=f"Consommation annuelle d'électricité et gaz par {territory}",
        producer="Agence ORE",
        licence=LICENCE,
        grain=f"operator, year, filière, {territory}, category, sector and NAF division, since 2011; MWh",
        key=(
            *("annee", "filiere", *key, "operateur"),
            *("code_categorie_consommation", "code_grand_secteur", "code_secteur_naf2"),
        ),
        columns=(
            Column("operateur", Kind.TEXT, needed=True, aliases=("Opérateur",)),
            Column("annee", Kind.INTEGER, needed=True, aliases=("Année",), low=1990, high=2100),
            Column("filiere", Kind.TEXT, needed=True, aliases=("Filière",), known=_CARRIERS),
            *columns,
            Column("code_region", Kind.CODE, needed=level == "region", aliases=("Code Région",), code=_REGION),
            Column("nom_region", Kind.TEXT, aliases=("Nom Région", "libelle_region", "Libellé Région")),
            Column(
                "code_categorie_consommation",
                Kind.TEXT,
                needed=True,
                aliases=("CODE CATEGORIE CONSOMMATION",),
                known=_CATEGORIES,
            ),
            Column(
                "code_grand_secteur",
                Kind.TEXT,
                needed=True,
                aliases=("CODE GRAND SECTEUR",),
                known=_SECTORS,
                is_blank_kept=True,
            ),
            Column("code_secteur_naf2", Kind.CODE, aliases=("CODE SECTEUR NAF2", "code_naf"), code=NAF_DIVISION),
            Column("nb_sites", Kind.NUMBER, needed=True, aliases=("Nb sites", "pdl"), low=0, high=1e8, is_count=True),
            # Corrections of earlier years make small negative values; 100 TWh would be kWh.
            Column(
                "conso_totale_mwh",
                Kind.NUMBER,
                needed=True,
                aliases=("Conso totale (MWh)", "conso"),
                low=-1e6,
                high=1e8,
            ),
            Column(
                "nombre_de_mailles_secretisees",
                Kind.INTEGER,
                aliases=("Nombre de mailles secretisées", "nombre_mailles_secretisees"),
            ),
            Column("part_thermosensible", Kind.NUMBER, aliases=("Part thermosensible (%)", "partr")),
            Column(
                "conso_totale_usages_thermosensibles_mwh",
                Kind.NUMBER,
                aliases=("Conso totale usages thermosensibles (MWh)",),
            ),
            Column(
                "thermosensibilite_totale_kwh_dju",
                Kind.NUMBER,
                aliases=("Thermosensibilité totale (kWh/DJU)", "thermor"),
            ),
            Column("nombre_d_habitants", Kind.NUMBER, aliases=("Nombre d'habitants",), low=0, high=1e8),
            Column("taux_de_chauffage_electrique", Kind.NUMBER, aliases=("Taux de chauffage électrique",)),
        ),
        time_column="annee",
        ratios=(
            Ratio("conso_totale_mwh", "nb_sites", *_MWH_A_HOME, where="upper(code_categorie_consommation) = 'RES'"),
        ),
        # A year appears at the end of the next one.
        rhythm_days=800,
    )


def _departement(needed: bool) -> tuple[Column, ...]:
    return (
        Column("code_departement", Kind.CODE, needed=needed, aliases=("Code Département",), code=_DEPARTEMENT),
        Column("nom_departement", Kind.TEXT, aliases=("Nom Département", "libelle_departement", "Libellé Département")),
    )


_EPCI = (
    Column("code_epci", Kind.CODE, aliases=("Code EPCI",), code=EPCI),
    Column("nom_epci", Kind.TEXT, aliases=("Nom EPCI", "libelle_epci", "Libellé EPCI")),
)


def _commune(needed: bool) -> tuple[Column, ...]:
    return (
        Column("code_commune", Kind.CODE, needed=needed, aliases=("Code Commune",), code=_COMMUNE),
        Column("nom_commune", Kind.TEXT, aliases=("Nom Commune", "libelle_commune", "Libellé Commune")),
        *_EPCI,
        *_departement(needed=False),
    )


_IRIS = (
    Column("code_iris", Kind.CODE, needed=True, aliases=("Code IRIS",), code=IRIS),
    Column("nom_iris", Kind.TEXT, aliases=("Nom IRIS", "libelle_iris", "Libellé IRIS")),
    *_commune(needed=False),
)


def _wide_form(level: str, territory: str, columns: tuple[Column, ...], key: str) -> Dataset:
    """Return the frozen form at one territory level: a column for each sector, electricity and gas in one file."""
    return Dataset(
        dataset_id=f"conso-elec-gaz-annuelle-par-secteur-dactivite-agregee-{level}",
        portal="ore",
        title=f"Consommation annuelle par secteur d'activité agrégée {territory}",
        is_proved=level == "departement",
        producer="Agence ORE",
        licence=LICENCE,
        grain=f"operator, year, filière and {level}, 2011-2021; MWh",
        key=("annee", "filiere", key, "operateur"),
        columns=(
            Column("operateur", Kind.TEXT, needed=True, aliases=("Opérateur",)),
            Column("annee", Kind.INTEGER, needed=True, aliases=("Année",), low=1990, high=2100),
            Column("filiere", Kind.TEXT, needed=True, aliases=("Filière",), known=_CARRIERS),
            *_sector("a", "Agriculture", quality="Indique"),
            *_sector("i", "Industrie"),
            *_sector("t", "Tertiaire"),
            *_sector("r", "Résidentiel"),
            *_sector("na", "Secteur Inconnu", sector="Non Affecté"),
            *columns,
            Column("code_region", Kind.CODE, needed=level == "region", aliases=("Code Région",), code=_REGION),
            Column("libelle_region", Kind.TEXT, aliases=("Libellé Région",)),
            Column("id_filiere", Kind.TEXT),
            Column("consototale", Kind.NUMBER, needed=True, aliases=("Consommation totale (MWh)",)),
        ),
        time_column="annee",
        ratios=(Ratio("consor", "pdlr", *_MWH_A_HOME),),
        is_frozen=True,
    )


_WIDE_DEPARTEMENT = (
    Column("code_departement", Kind.CODE, needed=True, aliases=("Code Département",), code=_DEPARTEMENT),
    Column("libelle_departement", Kind.TEXT, aliases=("Libellé Département",)),
)
_WIDE_COMMUNE = (
    Column("code_commune", Kind.CODE, needed=True, aliases=("Code Commune",), code=_COMMUNE),
    Column("libelle_commune", Kind.TEXT, aliases=("Libellé Commune",)),
    Column("code_epci", Kind.CODE, aliases=("Code EPCI",), code=EPCI),
    Column("libelle_epci", Kind.TEXT, aliases=("Libellé EPCI",)),
    Column("code_departement", Kind.CODE, aliases=("Code Département",), code=_DEPARTEMENT),
    Column("libelle_departement", Kind.TEXT, aliases=("Libellé Département",)),
)

DATASETS = (
    _long_form("commune", "commune", _commune(needed=True), ("code_commune",)),
    _long_form("departement", "département", _departement(needed=True), ("code_departement",)),
    _long_form("region", "région", (), ("code_region",)),
    _long_form("epci", "EPCI", (replace(_EPCI[0], needed=True), _EPCI[1]), ("code_epci",)),
    _long_form("iris", "IRIS", _IRIS, ("code_iris",)),
    _wide_form("commune", "à la commune", _WIDE_COMMUNE, "code_commune"),
    _wide_form("departement", "au département", _WIDE_DEPARTEMENT, "code_departement"),
    _wide_form("region", "à la région", (), "code_region"),
)
