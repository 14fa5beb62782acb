"""Datasets of ADEME (Data Fair): energy certificates of dwellings, of which only the columns listed are asked for."""

from loaders.catalog.entries import COMMUNE, LICENCE, Column, Dataset, Kind, Partition

DATASETS = (
    Dataset(
        dataset_id="dpe03existant",
        portal="ademe",
        title="DPE Logements existants (depuis juillet 2021)",
        producer="ADEME",
        licence=LICENCE,
        grain="energy certificate of a dwelling, since July 2021; W/K, m²",
        key=("numero_dpe",),
        columns=(
            Column("numero_dpe", Kind.TEXT, needed=True, aliases=("N°DPE",)),
            # Of the same dwelling, an earlier one: the newest counts.
            Column("numero_dpe_remplace", Kind.TEXT, aliases=("N°_DPE_remplacé",)),
            Column("date_etablissement_dpe", Kind.DATE, needed=True, aliases=("Date_établissement_DPE",)),
            Column("etiquette_dpe", Kind.TEXT, aliases=("Etiquette_DPE",)),
            Column("code_insee_ban", Kind.CODE, needed=True, aliases=("Code_INSEE_(BAN)",), code=COMMUNE),
            Column(
                "type_energie_principale_chauffage",
                Kind.TEXT,
                needed=True,
                aliases=("Type_énergie_principale_chauffage",),
            ),
            Column("surface_habitable_logement", Kind.NUMBER, aliases=("Surface_habitable_logement",)),
            Column("type_batiment", Kind.TEXT, aliases=("Type_bâtiment",)),
            Column("periode_construction", Kind.TEXT, aliases=("Période_construction",)),
            Column("ubat_w_par_m2_k", Kind.NUMBER, aliases=("Ubat_W/m²_K",)),
            Column("deperditions_enveloppe", Kind.NUMBER, needed=True, aliases=("Déperditions_enveloppe",)),
        ),
        time_column="date_etablissement_dpe",
        partition=Partition.YEAR,
        rhythm_days=60,
        fewest_rows=1_000_000,
        # Addresses stand beside what is needed, and some 200 other columns.
        is_narrowed=True,
    ),
)
