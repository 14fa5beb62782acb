"""Datasets of Agence ORE (Data Fair): yearly consumption by sector."""

from loaders.catalog.entries import LICENCE, Column, Dataset, Kind


def _sector(letter: str, name: str, quality: str = "Indice", sector: str = "") -> tuple[Column, ...]:
    """Return a sector's columns of the wide form, with the portal's labels (their double spaces do not count)."""
    return (
        # A département that consumed 100 TWh would be one published in kWh.
        Column(f"conso{letter}", Kind.NUMBER, aliases=(f"Consommation {name} (MWh)",), low=0, high=1e8),
        Column(f"pdl{letter}", Kind.NUMBER, aliases=(f"Nombre de points {name}",)),
        Column(
            f"nombre_maille_secretisees_{letter}",
            Kind.INTEGER,
            aliases=(f"Nombre de mailles secretisées ({name.lower()})",),
        ),
        Column(f"indqual{letter}", Kind.NUMBER, aliases=(f"{quality} qualité {sector or name}",)),
    )


DATASETS = (
    Dataset(
        dataset_id="conso-elec-gaz-annuelle-par-secteur-dactivite-agregee-departement",
        portal="ore",
        title="Consommation annuelle par secteur d'activité agrégée au département",
        producer="Agence ORE",
        licence=LICENCE,
        # Electricity and gas stand in one file.
        grain="operator, year, filière and département, 2011-2021; MWh",
        key=("annee", "filiere", "code_departement", "operateur"),
        columns=(
            Column("operateur", Kind.TEXT, needed=True, aliases=("Opérateur",)),
            Column("annee", Kind.INTEGER, needed=True, aliases=("Année",), low=1990, high=2100),
            Column("filiere", Kind.TEXT, needed=True, aliases=("Filière",)),
            *_sector("a", "Agriculture", quality="Indique"),
            *_sector("i", "Industrie"),
            *_sector("t", "Tertiaire"),
            *_sector("r", "Résidentiel"),
            *_sector("na", "Secteur Inconnu", sector="Non Affecté"),
            # Two or three characters, as text: a code of fixed width would pad '02' to '002'.
            Column("code_departement", Kind.TEXT, needed=True, aliases=("Code Département",)),
            Column("libelle_departement", Kind.TEXT, aliases=("Libellé Département",)),
            Column("code_region", Kind.CODE, aliases=("Code Région",), width=2),
            Column("libelle_region", Kind.TEXT, aliases=("Libellé Région",)),
            Column("id_filiere", Kind.TEXT),
            Column("consototale", Kind.NUMBER, needed=True, aliases=("Consommation totale (MWh)",)),
        ),
        time_column="annee",
    ),
)
