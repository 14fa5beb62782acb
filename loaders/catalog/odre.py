"""Datasets of ODRÉ (Opendatasoft): load, temperature, yearly totals, production and exchanges."""

from loaders.catalog.entries import LICENCE, Column, Dataset, Kind, Partition


def _region() -> tuple[Column, Column]:
    return (
        Column("code_insee_region", Kind.CODE, needed=True, aliases=("Code INSEE région",), width=2),
        Column("region", Kind.TEXT, aliases=("Région",)),
    )


def _raw_consumption(unit: str, highest: float) -> tuple[Column, ...]:
    gas = f"{unit} PCS 0°C"
    return (
        Column(
            "consommation_brute_gaz_grtgaz",
            Kind.NUMBER,
            aliases=(
                f"Consommation brute gaz ({gas}) - GRTgaz",
                f"Consommation brute gaz ({gas}) - NaTran",
                "consommation_brute_gaz_natran",
            ),
        ),
        Column("statut_grtgaz", Kind.TEXT, aliases=("Statut - GRTgaz", "Statut - NaTran", "statut_natran")),
        Column("consommation_brute_gaz_terega", Kind.NUMBER, aliases=(f"Consommation brute gaz ({gas}) - Teréga",)),
        Column("statut_terega", Kind.TEXT, aliases=("Statut - Teréga",)),
        Column("consommation_brute_gaz_totale", Kind.NUMBER, aliases=(f"Consommation brute gaz totale ({gas})",)),
        Column(
            "consommation_brute_electricite_rte",
            Kind.NUMBER,
            needed=True,
            aliases=(f"Consommation brute électricité ({unit}) - RTE",),
            low=-1_000,
            high=highest,
        ),
        Column("statut_rte", Kind.TEXT, aliases=("Statut - RTE",)),
        Column("consommation_brute_totale", Kind.NUMBER, aliases=(f"Consommation brute totale ({unit})",)),
    )


def _production() -> tuple[Column, ...]:
    """Return the columns by filière. They land as text: the portal writes `ND` and `-` among the numbers."""
    power = (
        ("thermique", "Thermique (MW)"),
        ("nucleaire", "Nucléaire (MW)"),
        ("eolien", "Eolien (MW)"),
        ("solaire", "Solaire (MW)"),
        ("hydraulique", "Hydraulique (MW)"),
        ("pompage", "Pompage (MW)"),
        ("bioenergies", "Bioénergies (MW)"),
        ("ech_physiques", "Ech. physiques (MW)"),
        ("stockage_batterie", "Stockage batterie"),
        ("destockage_batterie", "Déstockage batterie"),
        ("eolien_terrestre", "Eolien terrestre"),
        ("eolien_offshore", "Eolien offshore"),
    )
    shares = tuple(
        (f"{rate}_{filiere}", f"{rate.upper()} {label} (%)")
        for filiere, label in (
            ("thermique", "Thermique"),
            ("nucleaire", "Nucléaire"),
            ("eolien", "Eolien"),
            ("solaire", "Solaire"),
            ("hydraulique", "Hydraulique"),
            ("bioenergies", "Bioénergies"),
        )
        for rate in ("tco", "tch")
    )
    needed = ("thermique", "eolien", "solaire", "hydraulique", "bioenergies")
    return tuple(Column(name, Kind.TEXT, needed=name in needed, aliases=(label,)) for name, label in (*power, *shares))


def _borders() -> tuple[Column, ...]:
    """Return exports and imports by border, and their sums; the portal writes imports as negative numbers."""
    directions = (
        (f"{start}_{end}", f"{start.upper()} vers {end.upper()} (MWh)")
        for border in ("gb", "cwe", "ch", "it", "es")
        for start, end in (("fr", border), (border, "fr"))
    )
    sums = (("export_france", "Export France (MWh)"), ("import_france", "Import France (MWh)"))
    return tuple(
        Column(name, Kind.NUMBER, needed=True, aliases=(label,), low=-50_000, high=50_000)
        for name, label in (*directions, *sums)
    )


DATASETS = (
    Dataset(
        dataset_id="consommation-quotidienne-brute-regionale",
        portal="odre",
        title="Consommation quotidienne brute régionale",
        is_proved=True,
        producer="RTE, NaTran et Teréga sur ODRÉ",
        licence=LICENCE,
        grain="region and half-hour, since 2013, 12 regions (no Corse); MW",
        # In spring the publisher writes two rows on one instant, which only the published clock time distinguishes.
        key=("code_insee_region", "date_heure", "heure"),
        columns=(
            Column("date_heure", Kind.INSTANT, needed=True, aliases=("Date - Heure",)),
            Column("date", Kind.PUBLISHED_DATE, aliases=("Date",)),
            Column("heure", Kind.CLOCK, needed=True, aliases=("Heure",)),
            *_region(),
            *_raw_consumption("MW", highest=60_000),
            Column("flag_ignore", Kind.TEXT, aliases=("flag ignore",)),
        ),
        time_column="date_heure",
        clock_column="heure",
        partition=Partition.YEAR,
        # Values of 2022-2024 rose years later, after a recalculation of self-consumed solar production.
        revised_years=4,
        rhythm_days=62,
        fewest_rows=2_000_000,
    ),
    Dataset(
        dataset_id="temperature-quotidienne-regionale",
        portal="odre",
        title="Température quotidienne régionale",
        is_proved=True,
        producer="Weathernews sur ODRÉ",
        licence=LICENCE,
        grain="region and day, since 2016, 13 regions; °C",
        key=("code_insee_region", "date"),
        columns=(
            Column("id", Kind.TEXT, aliases=("ID",)),
            Column("date", Kind.DATE, needed=True, aliases=("Date",)),
            *_region(),
            Column("tmin", Kind.NUMBER, needed=True, aliases=("TMin (°C)",), low=-60, high=60),
            Column("tmax", Kind.NUMBER, needed=True, aliases=("TMax (°C)",), low=-60, high=60),
            Column("tmoy", Kind.NUMBER, needed=True, aliases=("TMoy (°C)",), low=-60, high=60),
        ),
        time_column="date",
        partition=Partition.YEAR,
        rhythm_days=62,
        fewest_rows=45_000,
    ),
    Dataset(
        dataset_id="consommation-annuelle-brute-regionale",
        portal="odre",
        title="Consommation annuelle brute régionale",
        is_proved=True,
        producer="RTE, NaTran et Teréga sur ODRÉ",
        licence=LICENCE,
        grain="region and year, since 2013, 13 regions; GWh",
        key=("code_insee_region", "annee"),
        columns=(
            Column("annee", Kind.INTEGER, needed=True, aliases=("Année",), low=1990, high=2100),
            *_region(),
            *_raw_consumption("GWh", highest=600_000),
        ),
        time_column="annee",
        rhythm_days=600,
        fewest_rows=150,
    ),
    Dataset(
        dataset_id="eco2mix-regional-cons-def",
        portal="odre",
        title="Données éCO2mix régionales consolidées et définitives",
        is_proved=True,
        producer="RTE sur ODRÉ",
        licence=LICENCE,
        grain="region and half-hour, since 2013, 12 regions; MW",
        # As in the load: two rows stand on one instant in spring.
        key=("code_insee_region", "date_heure", "heure"),
        columns=(
            Column("date_heure", Kind.INSTANT, needed=True, aliases=("Date - Heure",)),
            Column("date", Kind.PUBLISHED_DATE, aliases=("Date",)),
            Column("heure", Kind.CLOCK, needed=True, aliases=("Heure",)),
            Column("code_insee_region", Kind.CODE, needed=True, aliases=("Code INSEE région",), width=2),
            Column("libelle_region", Kind.TEXT, aliases=("Région", "region")),
            Column("nature", Kind.TEXT, aliases=("Nature",)),
            Column("consommation", Kind.NUMBER, needed=True, aliases=("Consommation (MW)",), low=-1_000, high=60_000),
            *_production(),
        ),
        time_column="date_heure",
        clock_column="heure",
        partition=Partition.YEAR,
        revised_years=4,
        rhythm_days=92,
        fewest_rows=2_000_000,
    ),
    Dataset(
        dataset_id="imports-exports-commerciaux",
        portal="odre",
        title="Imports et exports commerciaux",
        producer="RTE sur ODRÉ",
        licence=LICENCE,
        grain="hour of exchange programmes, since 2005, France; MWh",
        key=("date", "position"),
        columns=(
            Column("date", Kind.DATE, needed=True, aliases=("Date",)),
            Column("position", Kind.INTEGER, needed=True, aliases=("Tranche horaire du programme d'échange",)),
            *_borders(),
        ),
        time_column="date",
        partition=Partition.YEAR,
        rhythm_days=62,
        fewest_rows=100_000,
    ),
    Dataset(
        dataset_id="injections-regionales-quotidiennes-consolidees-rpt",
        portal="odre",
        title="Injections régionales quotidiennes consolidées sur le réseau public de transport",
        producer="RTE sur ODRÉ",
        licence=LICENCE,
        grain="region, day, filière and power band, since 2019, sites on the transmission grid; MWh",
        key=("code_insee_region", "date", "filiere", "plage_de_puissance_injection"),
        columns=(
            Column("date", Kind.DATE, needed=True, aliases=("Date",)),
            *_region(),
            Column("filiere", Kind.TEXT, needed=True, aliases=("Filière",)),
            Column(
                "plage_de_puissance_injection",
                Kind.TEXT,
                aliases=("Plage de puissance injection", "Plage de puissance", "plage_de_puissance"),
            ),
            Column("nb_points_injection", Kind.NUMBER, aliases=("Nb points injection",)),
            # 60 GW over a day are 1.4 million MWh; the consumption of a pumping station is negative.
            Column(
                "energie_journaliere_mwh",
                Kind.NUMBER,
                needed=True,
                aliases=("Energie journalière (MWh)",),
                low=-200_000,
                high=1_500_000,
            ),
        ),
        time_column="date",
        partition=Partition.YEAR,
        rhythm_days=92,
        fewest_rows=10_000,
    ),
)
