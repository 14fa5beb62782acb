"""Datasets of ODRÉ (Opendatasoft): load, temperature, yearly totals, production and exchanges."""

from loaders.catalog.entries import (
    LICENCE,
    REGION,
    Column,
    Dataset,
    Kind,
    Order,
    Partition,
    Range,
    Total,
)

_HALF_HOUR, _DAY = 30, 24 * 60
_REAL_TIME = ("donnees temps reel", "temps reel*", "donnees intraday*", "intraday*")
"""What real-time datasets say of their rows."""
# The lowest and the highest of a region's monthly medians, 2013-2019, in MW. Ten times as much, or a tenth, of what a
# region draws lies beyond the limits made of them; the worst of its real half-hours, another region's values, within.
_MEDIAN_MW = {
    "11": (5_700, 11_900),
    "24": (1_570, 3_190),
    "27": (1_720, 3_530),
    "28": (2_390, 4_500),
    "32": (4_420, 7_700),
    "44": (3_940, 7_190),
    "52": (2_280, 4_480),
    "53": (1_930, 3_650),
    "75": (3_890, 7_210),
    "76": (3_350, 6_370),
    "84": (5_710, 10_830),
    "93": (3_850, 6_370),
}
_LOAD_LIMITS = {region: (round(0.2 * low), round(3.5 * high)) for region, (low, high) in _MEDIAN_MW.items()}
# At least twice what is installed in 2025, in GW: (wind, solar, nuclear).
_MOST_GW = {
    "11": (1, 3, 0),
    "24": (5, 6, 15),
    "27": (4, 5, 0),
    "28": (6, 3, 16),
    "32": (14, 5, 8),
    "44": (12, 8, 16),
    "52": (6, 6, 0),
    "53": (6, 4, 0),
    "75": (6, 16, 9),
    "76": (6, 14, 4),
    "84": (3, 11, 18),
    "93": (3, 10, 0),
}


def _production_limits(position: int, lowest: float) -> dict[str, tuple[float, float]]:
    """Return a region's limits in MW: what stands still draws a little, and nothing installed gives nothing."""
    return {region: (lowest, max(1_000.0 * most[position], 50.0)) for region, most in _MOST_GW.items()}


def _region() -> tuple[Column, Column]:
    return (
        Column("code_insee_region", Kind.CODE, needed=True, aliases=("Code INSEE région",), code=REGION),
        Column("region", Kind.TEXT, aliases=("Région",)),
    )


def _raw_consumption(unit: str, lowest: float, highest: float, is_steady: bool = False) -> tuple[Column, ...]:
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
            low=lowest,
            high=highest,
            is_steady=is_steady,
        ),
        Column("statut_rte", Kind.TEXT, aliases=("Statut - RTE",), foreign=_REAL_TIME),
        Column("consommation_brute_totale", Kind.NUMBER, aliases=(f"Consommation brute totale ({unit})",)),
    )


def _eco2mix(*territory: Column, lowest: float, highest: float) -> tuple[Column, ...]:
    """Return when, where, of which nature and how much load, as all consolidated éCO2mix datasets say it."""
    return (
        Column("date_heure", Kind.INSTANT, needed=True, aliases=("Date - Heure", "Date et Heure")),
        Column("date", Kind.PUBLISHED_DATE, aliases=("Date",)),
        Column("heure", Kind.CLOCK, needed=True, aliases=("Heure",)),
        *territory,
        Column(
            "nature",
            Kind.TEXT,
            aliases=("Nature",),
            known=("donnees definitives", "donnees consolidees", "definiti*", "consolide*"),
            foreign=_REAL_TIME,
        ),
        Column(
            "consommation",
            Kind.NUMBER,
            needed=True,
            aliases=("Consommation (MW)",),
            low=lowest,
            high=highest,
            nulls=("nd", "-"),
            is_steady=True,
        ),
    )


def _production() -> tuple[Column, ...]:
    """Return the columns by filière; the portal writes `ND` (not available) and `-` (none) among the numbers."""
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
    return tuple(
        Column(name, Kind.NUMBER, needed=name in needed, aliases=(label,), low=low, high=high, nulls=("nd", "-"))
        for columns, low, high in ((power, -30_000, 60_000), (shares, -100_000, 100_000))
        for name, label in columns
    )


def _borders() -> tuple[Column, ...]:
    """Return exports and imports by border, and their sums; the portal writes imports as negative numbers."""
    directions = (
        (f"{start}_{end}", f"{start.upper()} vers {end.upper()} (MWh)")
        for border in ("gb", "cwe", "ch", "it", "es")
        for start, end in (("fr", border), (border, "fr"))
    )
    sums = (("export_france", "Export France (MWh)"), ("import_france", "Import France (MWh)"))
    return tuple(
        Column(
            name,
            Kind.NUMBER,
            needed=True,
            aliases=(label,),
            low=-10 if name.startswith(("fr_", "export")) else -50_000,
            high=50_000 if name.startswith(("fr_", "export")) else 10,
        )
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
            *_raw_consumption("MW", lowest=-1_000, highest=60_000, is_steady=True),
            Column("flag_ignore", Kind.TEXT, aliases=("flag ignore",)),
        ),
        time_column="date_heure",
        step_minutes=_HALF_HOUR,
        ranges=(Range("consommation_brute_electricite_rte", "code_insee_region", _LOAD_LIMITS),),
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
            Column("tmin", Kind.NUMBER, needed=True, aliases=("TMin (°C)",), low=-45, high=40),
            Column("tmax", Kind.NUMBER, needed=True, aliases=("TMax (°C)",), low=-35, high=50),
            Column("tmoy", Kind.NUMBER, needed=True, aliases=("TMoy (°C)",), low=-40, high=45),
        ),
        time_column="date",
        step_minutes=_DAY,
        ordered=(Order(("tmin", "tmoy", "tmax")),),
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
            *_raw_consumption("GWh", lowest=300, highest=200_000),
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
            *_eco2mix(
                Column("code_insee_region", Kind.CODE, needed=True, aliases=("Code INSEE région",), code=REGION),
                Column("libelle_region", Kind.TEXT, aliases=("Région", "region")),
                lowest=-1_000,
                highest=60_000,
            ),
            *_production(),
        ),
        time_column="date_heure",
        step_minutes=_HALF_HOUR,
        ranges=(
            Range("consommation", "code_insee_region", _LOAD_LIMITS),
            Range("eolien", "code_insee_region", _production_limits(0, lowest=-150)),
            Range("solaire", "code_insee_region", _production_limits(1, lowest=-150)),
            Range("nucleaire", "code_insee_region", _production_limits(2, lowest=-600)),
        ),
        totals=(
            Total(
                "consommation",
                (
                    *("thermique", "nucleaire", "eolien", "solaire", "hydraulique", "pompage", "bioenergies"),
                    *("stockage_batterie", "destockage_batterie", "ech_physiques"),
                ),
                needs=("thermique", "eolien", "solaire", "hydraulique", "bioenergies", "ech_physiques"),
                tolerance=0.25,
                slack=500,
            ),
        ),
        clock_column="heure",
        partition=Partition.YEAR,
        revised_years=4,
        rhythm_days=92,
        fewest_rows=2_000_000,
    ),
    Dataset(
        dataset_id="eco2mix-national-cons-def",
        portal="odre",
        title="Données éCO2mix nationales consolidées et définitives",
        producer="RTE sur ODRÉ",
        licence=LICENCE,
        grain="half-hour, since 2012, France without Corse, load, RTE's forecasts of it, production; MW",
        # As in the load: two rows stand on one instant in spring.
        key=("perimetre", "date_heure", "heure"),
        columns=(
            *_eco2mix(
                Column("perimetre", Kind.TEXT, needed=True, aliases=("Périmètre",), known=("france",)),
                lowest=15_000,
                highest=130_000,
            ),
            *(
                Column(name, Kind.NUMBER, needed=True, aliases=(label,), low=0, high=130_000, nulls=("nd", "-"))
                for name, label in (("prevision_j1", "Prévision J-1 (MW)"), ("prevision_j", "Prévision J (MW)"))
            ),
            # Unlike the regional dataset it separates coal, oil and gas, which emit differently.
            *(
                Column(name, Kind.NUMBER, aliases=(f"{label} (MW)",), low=-30_000, high=100_000, nulls=("nd", "-"))
                for name, label in (
                    ("fioul", "Fioul"),
                    ("charbon", "Charbon"),
                    ("gaz", "Gaz"),
                    ("nucleaire", "Nucléaire"),
                    ("eolien", "Eolien"),
                    ("solaire", "Solaire"),
                    ("hydraulique", "Hydraulique"),
                    ("pompage", "Pompage"),
                    ("bioenergies", "Bioénergies"),
                )
            ),
            Column("taux_co2", Kind.NUMBER, aliases=("Taux de CO2 (g/kWh)",), low=0, high=1_000, nulls=("nd", "-")),
        ),
        time_column="date_heure",
        step_minutes=_HALF_HOUR,
        # Forecasts are written by the quarter-hour in some vintages, the load never.
        any_of=("consommation",),
        clock_column="heure",
        partition=Partition.YEAR,
        revised_years=4,
        rhythm_days=92,
        fewest_rows=200_000,
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
            Column(
                "position",
                Kind.INTEGER,
                needed=True,
                aliases=("Tranche horaire du programme d'échange",),
                low=0,
                high=25,
            ),
            *_borders(),
        ),
        time_column="date",
        step_minutes=60,
        totals=tuple(
            Total(total, parts, needs=parts, tolerance=0.05, slack=100)
            for total, parts in (
                ("export_france", ("fr_gb", "fr_cwe", "fr_ch", "fr_it", "fr_es")),
                ("import_france", ("gb_fr", "cwe_fr", "ch_fr", "it_fr", "es_fr")),
            )
        ),
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
            Column(
                "filiere",
                Kind.TEXT,
                needed=True,
                aliases=("Filière",),
                known=(
                    *(
                        "bioenergies",
                        "eolien*",
                        "hydraulique*",
                        "nucleaire",
                        "solaire*",
                        "thermique*",
                        "gaz*",
                        "fioul*",
                    ),
                    *("charbon*", "autre*", "geothermie", "energies marines", "stockage*", "destockage*", "batterie*"),
                    *("pompage*", "photovoltaique", "cogeneration*", "dechets*", "biomasse*", "biogaz*"),
                ),
            ),
            Column(
                "plage_de_puissance_injection",
                Kind.TEXT,
                aliases=("Plage de puissance injection", "Plage de puissance", "plage_de_puissance"),
            ),
            Column("nb_points_injection", Kind.NUMBER, aliases=("Nb points injection",), is_count=True),
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
        step_minutes=_DAY,
        partition=Partition.YEAR,
        rhythm_days=92,
        fewest_rows=10_000,
    ),
)
