"""Datasets of Enedis: half-hourly energy by profile, yearly consumption by sector with its thermosensitivity."""

from loaders.catalog.entries import (
    COMMUNE,
    DEPARTEMENT,
    EPCI,
    IRIS,
    LICENCE,
    NAF_DIVISION,
    REGION,
    Code,
    Column,
    Dataset,
    Kind,
    Partition,
    Ratio,
)

_ENERGY_HIGH = 1e8  # MWh: a département that consumed 100 TWh would be one published in kWh.


def _sites_and_energy(field: str, label: str) -> tuple[Column, Column]:
    return (
        Column(f"nb_sites_{field}", Kind.NUMBER, aliases=(f"Nb sites {label}",), is_count=True),
        Column(
            f"conso_totale_{field}_mwh",
            Kind.NUMBER,
            needed=True,
            aliases=(f"Conso totale {label} (MWh)",),
            low=0,
            high=_ENERGY_HIGH,
        ),
    )


def _share(field: str, label: str) -> Column:
    # Sums of rounded shares, and shares of another year's total, pass 100 by a little.
    return Column(field, Kind.NUMBER, aliases=(label,), low=0, high=101)


def _territory(level: str, label: str, code: Code, needed: bool = False) -> tuple[Column, ...]:
    return (
        Column(f"code_{level}", Kind.CODE, code=code, needed=needed, aliases=(f"Code {label}",)),
        Column(f"nom_{level}", Kind.TEXT, aliases=(f"Nom {label}",)),
    )


_EPCI = _territory("epci", "EPCI", EPCI)


def _by_area(level: str, territory: str, columns: tuple[Column, ...]) -> Dataset:
    """Return yearly consumption and thermosensitivity at one level: a row for each category, sector and NAF division.

    Units of the thermosensitive columns change from year to year: only consumption and degree days have limits.
    """
    return Dataset(
        dataset_id=f"consommation-electrique-par-secteur-dactivite-{level}",
        portal="enedis",
        title=f"Consommation électrique annuelle par secteur d'activité et {territory}",
        producer="Enedis",
        licence=LICENCE,
        grain=f"year, {territory}, category, sector and NAF division, Enedis network; MWh, kWh/DJU",
        key=(
            *("annee", f"code_{level}", "code_categorie_consommation"),
            *("code_grand_secteur", "code_secteur_naf2"),
        ),
        columns=(
            Column("annee", Kind.INTEGER, needed=True, aliases=("Année",), low=1990, high=2100),
            *columns,
            *_territory("departement", "Département", DEPARTEMENT),
            *_territory("region", "Région", REGION),
            Column("code_categorie_consommation", Kind.TEXT, needed=True, aliases=("CODE CATEGORIE CONSOMMATION",)),
            Column("code_grand_secteur", Kind.TEXT, needed=True, aliases=("CODE GRAND SECTEUR",)),
            Column("code_secteur_naf2", Kind.CODE, aliases=("CODE SECTEUR NAF2",), code=NAF_DIVISION),
            Column("nb_sites", Kind.NUMBER, needed=True, aliases=("Nb sites",), low=0, high=1e8),
            Column(
                "conso_totale_mwh",
                Kind.NUMBER,
                needed=True,
                aliases=("Conso totale (MWh)",),
                low=-1e6,
                high=_ENERGY_HIGH,
            ),
            Column("nombre_de_mailles_secretisees", Kind.NUMBER, aliases=("Nombre de mailles secretisées",)),
            Column("part_thermosensible", Kind.NUMBER, aliases=("Part thermosensible (%)",)),
            Column(
                "conso_totale_usages_thermosensibles_mwh",
                Kind.NUMBER,
                aliases=("Conso totale usages thermosensibles (MWh)",),
            ),
            Column(
                "thermosensibilite_totale_kwh_dju",
                Kind.NUMBER,
                needed=True,
                aliases=("Thermosensibilité totale (kWh/DJU)",),
            ),
            Column("dju_a_tr", Kind.NUMBER, needed=True, aliases=("DJU à TR",), low=0, high=10_000),
            Column("dju_a_tn", Kind.NUMBER, aliases=("DJU à TN",), low=0, high=10_000),
        ),
        time_column="annee",
        rhythm_days=800,
    )


def _half_hourly(
    dataset_id: str, title: str, customers: str, extra: tuple[Column, ...], wh_a_point: tuple[float, float]
) -> Dataset:
    """Return the half-hourly energy of one class of customers; rows of totals stand beside those that they sum."""
    return Dataset(
        dataset_id=dataset_id,
        portal="enedis",
        title=title,
        producer="Enedis",
        licence=LICENCE,
        grain=f"region, half-hour, profile and power band, {customers}, rolling three years, Enedis network; Wh",
        key=("code_region", "horodate", "profil", "plage_de_puissance_souscrite", *(c.name for c in extra)),
        columns=(
            Column("horodate", Kind.INSTANT, needed=True, aliases=("Horodate",)),
            # The portal's names of regions differ from INSEE's (`Nouvelle Aquitaine`, `Grand-Est`).
            Column("region", Kind.TEXT, aliases=("Région",)),
            Column("code_region", Kind.CODE, needed=True, aliases=("Code région",), code=REGION),
            Column("profil", Kind.TEXT, needed=True, aliases=("Profil",), known=("res*", "pro*", "ent*")),
            Column(
                "plage_de_puissance_souscrite",
                Kind.TEXT,
                needed=True,
                aliases=("Plage de puissance souscrite",),
            ),
            *extra,
            Column(
                "nb_points_soutirage",
                Kind.NUMBER,
                needed=True,
                aliases=("Nb points soutirage",),
                low=0,
                high=1e8,
                is_count=True,
            ),
            # 60 GW over half an hour are 3e10 Wh.
            Column(
                "total_energie_soutiree_wh",
                Kind.NUMBER,
                needed=True,
                aliases=("Total énergie soutirée (Wh)",),
                low=0,
                high=3e10,
            ),
        ),
        time_column="horodate",
        step_minutes=30,
        ratios=(Ratio("total_energie_soutiree_wh", "nb_points_soutirage", *wh_a_point),),
        partition=Partition.MONTH,
        is_rolling=True,
        # A quarter appears a month after its end.
        rhythm_days=150,
        fewest_rows=100_000,
    )


DATASETS = (
    _half_hourly(
        "conso-inf36-region",
        "Agrégats segmentés de consommation électrique au pas 1/2 h des points de soutirage <= 36 kVA, par région",
        "up to 36 kVA",
        (),
        # A home draws some 250 Wh in half an hour, a shop 500: in kWh or MWh it would be less than one.
        wh_a_point=(10, 30_000),
    ),
    _half_hourly(
        "conso-sup36-region",
        "Agrégats segmentés de consommation électrique au pas 1/2 h des points de soutirage > 36 kVA, par région",
        "above 36 kVA",
        (Column("secteur_activite", Kind.TEXT, needed=True, aliases=("Secteur activité",)),),
        wh_a_point=(200, 100_000_000),
    ),
    Dataset(
        dataset_id="consommation-electrique-par-secteur-dactivite-departement",
        portal="enedis",
        title="Consommation électrique annuelle par secteur d'activité et département",
        is_proved=True,
        producer="Enedis",
        licence=LICENCE,
        grain="year and département, 2011-2017, Enedis network; MWh",
        key=("annee", "code_departement"),
        columns=(
            Column("annee", Kind.INTEGER, needed=True, aliases=("Année",), low=1990, high=2100),
            Column("nom_departement", Kind.TEXT, aliases=("Nom département",)),
            Column("code_departement", Kind.CODE, needed=True, aliases=("Code département",), code=DEPARTEMENT),
            Column("nom_region", Kind.TEXT, aliases=("Nom région",)),
            Column("code_region", Kind.CODE, aliases=("Code région",), code=REGION),
            *_sites_and_energy("residentiel", "Résidentiel"),
            Column("conso_moyenne_residentiel_mwh", Kind.NUMBER, aliases=("Conso moyenne Résidentiel (MWh)",)),
            *_sites_and_energy("professionnel", "Professionnel"),
            Column("conso_moyenne_professionnel_mwh", Kind.NUMBER, aliases=("Conso moyenne Professionnel (MWh)",)),
            *_sites_and_energy("agriculture", "Agriculture"),
            *_sites_and_energy("industrie", "Industrie"),
            *_sites_and_energy("tertiaire", "Tertiaire"),
            *_sites_and_energy("secteur_non_affecte", "Secteur non affecté"),
            Column("nombre_d_habitants", Kind.NUMBER, aliases=("Nombre d'habitants",)),
            _share("taux_de_logements_collectifs", "Taux de logements collectifs"),
            _share("taux_de_residences_principales", "Taux de résidences principales"),
            _share("superficie_des_logements_30_m2", "Superficie des logements < 30 m2"),
            _share("superficie_des_logements_30_a_40_m2", "Superficie des logements 30 à 40 m2"),
            _share("superficie_des_logements_40_a_60_m2", "Superficie des logements 40 à 60 m2"),
            _share("superficie_des_logements_60_a_80_m2", "Superficie des logements 60 à 80 m2"),
            _share("superficie_des_logements_80_a_100_m2", "Superficie des logements 80 à 100 m2"),
            _share("superficie_des_logements_plus_de_100_m2", "Superficie des logements > 100 m2"),
            _share("residences_principales_avant_1919", "Résidences principales avant 1919"),
            _share("residences_principales_de_1919_a_1945", "Résidences principales de 1919 à 1945"),
            _share("residences_principales_de_1946_a_1970", "Résidences principales de 1946 à 1970"),
            _share("residences_principales_de_1971_a_1990", "Résidences principales de 1971 à 1990"),
            _share("residences_principales_de_1991_a_2005", "Résidences principales de 1991 à 2005"),
            _share("residences_principales_de_2006_a_2010", "Résidences principales de 2006 à 2010"),
            _share("residences_principales_apres_2011", "Résidences principales après 2011"),
            _share("taux_de_chauffage_electrique", "Taux de chauffage électrique"),
        ),
        time_column="annee",
        # In MWh: a home draws 4 to 6 a year.
        ratios=(Ratio("conso_totale_residentiel_mwh", "nb_sites_residentiel", 0.2, 150),),
        is_frozen=True,
    ),
    _by_area("commune", "commune", (*_territory("commune", "Commune", COMMUNE, needed=True), *_EPCI)),
    _by_area("epci", "EPCI", _territory("epci", "EPCI", EPCI, needed=True)),
    _by_area(
        "iris",
        "IRIS",
        (*_territory("iris", "IRIS", IRIS, needed=True), *_territory("commune", "Commune", COMMUNE), *_EPCI),
    ),
)
