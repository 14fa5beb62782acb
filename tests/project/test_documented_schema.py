"""The original project's schema: eleven names that are public, column for column."""

import duckdb

SECTORS = ("agriculture", "industrie", "tertiaire", "residentiel")
BORDERS = ("gb", "cwe", "ch", "it", "es")
TEXT, DAY, NUMBER, COUNT = "VARCHAR", "DATE", "DOUBLE", "INTEGER"

DOCUMENTED: dict[str, dict[str, str]] = {
    "conso_quot_region": {
        "id_conso_quot": TEXT,
        "date": DAY,
        "heure": "TIME",
        "code_region": TEXT,
        "conso_electrique_brute_mwh": NUMBER,
    },
    "temp_quot_region": {
        "id_temp_quot": TEXT,
        "date": DAY,
        "code_region": TEXT,
        **dict.fromkeys(("tmin", "tmax", "tmoy"), NUMBER),
    },
    "conso_annuelle_type_region": {
        "id": TEXT,
        "annee": COUNT,
        **dict.fromkeys(("code_region", "code_departement", "code_commune"), TEXT),
        **{name: NUMBER for sector in SECTORS for name in (f"conso_{sector}_mwh", f"nb_points_{sector}")},
        "conso_totale_mwh": NUMBER,
    },
    "date": {"id_date": DAY, **dict.fromkeys(("jour", "vac_zone_a", "vac_zone_b", "vac_zone_c"), TEXT)},
    "codes_region": {
        "id_code_region": TEXT,
        "nom_region": TEXT,
        "population_region": COUNT,
        "zone_vac_scolaires": TEXT,
    },
    "codes_departement": {
        "id_code_departement": TEXT,
        "nom_departement": TEXT,
        "population_departement": COUNT,
        "code_region": TEXT,
    },
    "code_commune": {
        "id_code_commune": TEXT,
        "nom_commune": TEXT,
        "population_commune": COUNT,
        "code_departement": TEXT,
    },
    "injection_quot_region": {"date": DAY, "code_region": TEXT, "filiere": TEXT, "injection_quot": NUMBER},
    "imports_exports": {
        "date": DAY,
        **{name: NUMBER for border in BORDERS for name in (f"fr_vers_{border}_mwh", f"{border}_vers_fr_mwh")},
        "export_france_mwh": NUMBER,
        "import_france_mwh": NUMBER,
    },
    "surf_logement_commune": {
        "code_commune": TEXT,
        **dict.fromkeys(
            (
                *("surf_moins_30", "surf_30_40", "surf_40_60", "surf_60_80", "surf_80_100", "surf_100_120"),
                *("surf_plus_120", "surf_hors_res_principale", "surf_hors_log_ordinaire"),
            ),
            NUMBER,
        ),
    },
    "type_logement_commune": {
        "code_commune": TEXT,
        **dict.fromkeys(("type_maison", "type_appartement", "type_autres"), NUMBER),
    },
}


def test_the_documented_schema_is_the_one_published(sample: duckdb.DuckDBPyConnection) -> None:
    """Names, order and types of columns, and that the schema holds views of these names alone."""
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in sample.execute(
        """
        select table_name, column_name, data_type from information_schema.columns
        where table_schema = 'dataelec' order by table_name, ordinal_position
        """
    ).fetchall():
        found.setdefault(table, {})[column] = kind
    assert found.keys() == DOCUMENTED.keys()
    for table, columns in DOCUMENTED.items():
        assert list(found[table].items()) == list(columns.items()), table
    views = sample.execute("select count(*) from duckdb_views() where schema_name = 'dataelec'").fetchone()
    assert views == (len(DOCUMENTED),)


def test_energies_of_the_documented_schema_are_true_mwh(sample: duckdb.DuckDBPyConnection) -> None:
    """The original forgot the half-hour: a day of France was twice its energy."""
    row = sample.execute(
        """
        select
            sum(conso_electrique_brute_mwh) / (
                select sum(energy_observed_mwh) from core.fct_daily_load
                where date_day between date '2021-01-01' and date '2021-12-31'
            )
        from dataelec.conso_quot_region
        where date between date '2021-01-01' and date '2021-12-31'
        """
    ).fetchone()
    assert row is not None
    assert abs(row[0] - 1) < 1e-9
