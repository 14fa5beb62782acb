"""Inputs that were once taken wrongly, all in one small lake: parts that passed for totals, value lists that changed,
one impossible row that took a country with it, a landed calendar that nobody read, two periods with a gap.

Figures are made up; codes of territories are real ones.
"""

import datetime as dt
import subprocess
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from research.project import build, dbt, run

REGION = "consommation-annuelle-d-electricite-et-gaz-par-region"
DEPARTEMENT = "consommation-annuelle-d-electricite-et-gaz-par-departement"
COMMUNE = "consommation-annuelle-d-electricite-et-gaz-par-commune"
WIDE_COMMUNE = "conso-elec-gaz-annuelle-par-secteur-dactivite-agregee-commune"
WIDE_DEPARTEMENT = "conso-elec-gaz-annuelle-par-secteur-dactivite-agregee-departement"
LOAD = "consommation-quotidienne-brute-regionale"
CALENDAR = "fr-en-calendrier-scolaire"
IN_PART = "territory_in_part"

LONG_HEADER = (
    "operateur;annee;filiere;code_categorie_consommation;code_grand_secteur;code_secteur_naf2;conso_totale_mwh;nb_sites;"
    "nombre_de_mailles_secretisees"
)
WIDE_HEADER = (
    "operateur;annee;filiere;consoa;pdla;consoi;pdli;consot;pdlt;consor;pdlr;consona;pdlna;consototale;code_region;"
)


def wide(year: int, region: str, place: str, *, sectors: str = "1;1;2;1;3;1;10;4;0;0", total: int = 16) -> str:
    return f"Enedis;{year};Electricité;{sectors};{total};{region};{place}"


def long(year: int, category: str, sector: str, energy: float, sites: int, place: str) -> str:
    return f"Enedis;{year};Electricité;{category};{sector};;{energy};{sites};0;{place}"


def known(place: str) -> list[str]:
    """Return rows of a year of its own whose sector is known: a file of too many unknown ones is rejected."""
    return [long(2018, "RES", "RESIDENTIEL", 10, 5, place).replace("Enedis", f"Régie {n}") for n in range(120)]


FILES = {
    "populations-legales-regions": [
        "REG;Région;NBARR;NBCAN;NBCOM;PMUN;PTOT",
        "28;Normandie;17;152;2634;3300000;3300000",
        "11;Île-de-France;25;155;1266;12300000;12300000",
    ],
    "populations-legales-departements": [
        "REG;Région;DEP;Département;NBARR;NBCAN;NBCOM;PMUN;PTOT",
        "28;Normandie;61;Orne;3;21;381;100000;100000",
        "28;Normandie;50;Manche;4;27;446;90000;90000",
        "28;Normandie;14;Calvados;4;25;528;3010000;3010000",
        "28;Normandie;76;Seine-Maritime;3;35;707;60000;60000",
        "28;Normandie;27;Eure;3;23;585;50000;50000",
    ],
    "populations-legales-communes": [
        "REG;Région;DEP;CODARR;CODCAN;CODCOM;COM;Commune;PMUN;PCAP;PTOT",
        "28;Normandie;61;1;01;001;61001;Alençon;60000;0;60000",
        "28;Normandie;61;1;02;006;61006;Argentan;36000;0;36000",
        "28;Normandie;61;1;03;169;61169;Flers;4000;0;4000",
        "28;Normandie;50;1;01;129;50129;Cherbourg;30000;0;30000",
        "28;Normandie;50;1;02;502;50502;Saint-Lô;60000;0;60000",
    ],
    # Orne: 96 % of its people in 2012, 36 % in 2013. Manche: Saint-Lô alone, which the long form has in 2012.
    WIDE_COMMUNE: [
        WIDE_HEADER + "code_commune",
        wide(2012, "28", "61001"),
        wide(2012, "28", "61006"),
        wide(2012, "28", "50129"),
        wide(2013, "28", "61006"),
    ],
    COMMUNE: [LONG_HEADER + ";code_commune", long(2012, "RES", "RESIDENTIEL", 500, 100, "50502")],
    # Corse as it was published until 2016: everything under the unknown sector.
    WIDE_DEPARTEMENT: [
        WIDE_HEADER + "code_departement",
        wide(2014, "94", "2A", sectors="0;0;0;0;0;0;0;0;950;5", total=950),
        wide(2014, "28", "61"),
    ],
    # Letters and words; one code that nobody knows, one row that is impossible a site.
    REGION: [
        LONG_HEADER + ";code_region",
        long(2012, "RES-PRO", "R", 11_677_975.88, 1_700_000, "28"),
        long(2012, "ENT", "I", 9_000_000, 3_000, "28"),
        long(2012, "ENT", "T", 4_500_000, 9_000, "28"),
        long(2012, "ENT", "A", 100_000, 900, "28"),
        long(2012, "X", "X", 19_000, 500, "28"),
        long(2012, "ENT", "Q", 5_000, 50, "28"),
        long(2021, "RES", "RESIDENTIEL", 23_000_000, 5_000_000, "11"),
        long(2021, "ENT", "INDUSTRIE", 7_800_000, 9_000, "11"),
        long(2021, "PRO", "INDUSTRIE", 50_000, 60_000, "11"),
        long(2021, "PRO", "INDUSTRIE", 65_115.8, 148, "11").replace("Enedis", "SICAE"),
        long(2021, "PRO", "INCONNU", 2_800, 10, "XX"),
        *known("28"),
    ],
    DEPARTEMENT: [
        LONG_HEADER + ";code_departement",
        long(2016, "RES", "LOGEMENTS", 400, 100, "61"),
        long(2016, "ENT", "INDUSTRIE", 600, 10, "61"),
        *known("61"),
    ],
    # In 2021 all zones were on holiday from 10 to 25 April; the day after is a day of school.
    CALENDAR: [
        "description;population;start_date;end_date;location;zones;annee_scolaire",
        *(
            f"Vacances de Printemps;-;2021-04-10T00:00:00+02:00;2021-04-26T00:00:00+02:00;{place};{zone};2020-2021"
            for place, zone in (("Lyon", "Zone A"), ("Lille", "Zone B"), ("Paris", "Zone C"))
        ),
        "Pont de l'Ascension;-;2023-05-18T00:00:00+02:00;2023-05-22T00:00:00+02:00;Paris;Zone C;2022-2023",
    ],
}


def half_hours(*days: dt.date) -> list[str]:
    """Return flat days of one region's load, with instants in UTC."""
    rows = ["date_heure;date;heure;code_insee_region;region;consommation_brute_electricite_rte;statut_rte"]
    for day in days:
        for slot in range(48):
            clock = f"{slot // 2:02}:{30 * (slot % 2):02}"
            rows.append(f"{day}T{clock}:00+01:00;{day};{clock};11;Île-de-France;{8_000 + 50 * slot};Définitif")
    return rows


pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("parts")
    files = {**FILES, LOAD: half_hours(dt.date(2018, 11, 5), dt.date(2018, 11, 6), dt.date(2019, 1, 15))}
    for dataset, rows in files.items():
        (folder / f"{dataset}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
        landed = run(
            *("dataelec", "import", dataset, folder / f"{dataset}.csv"), env={"DATAELEC_LAKE": str(folder / "lake")}
        )
        assert landed.returncode == 0, landed.stderr
    return folder / "lake"


@pytest.fixture(scope="module")
def built(lake: Path) -> subprocess.CompletedProcess[str]:
    """The models alone: a test that fails, as one must here, would keep what is below it from being built."""
    finished = build(
        *(lake, lake.parent / "parts.duckdb", "live", "--exclude-resource-type", "test", "unit_test", "--select"),
        *("+consumption_by_client_type", "+data_quality", "+data_provenance", "+conso_annuelle_type_region"),
    )
    assert finished.returncode == 0, finished.stdout[-3000:]
    return finished


@pytest.fixture
def parts(built: subprocess.CompletedProcess[str], lake: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(lake.parent / "parts.duckdb"), read_only=True) as connection:
        yield connection


def figure(
    parts: duckdb.DuckDBPyConnection, level: str, code: str, year: int, client: str = "all"
) -> tuple[object, ...]:
    row = parts.execute(
        """
        select energy_mwh, energy_observed_mwh, round(coverage_share, 3), consumption_correction_code
        from analysis.consumption_by_client_type
        where territory_level_code = ? and territory_code = ? and period_year = ? and client_type_code = ?
        """,
        [level, code, year, client],
    ).fetchone()
    assert row is not None, (level, code, year, client)
    return tuple(row)


def counted(parts: duckdb.DuckDBPyConnection, reason: str) -> list[tuple[str, int, int]]:
    return parts.execute(
        """
        select dataset_code, calendar_year, affected_count from analysis.data_quality
        where quality_reason_code = ? order by all
        """,
        [reason],
    ).fetchall()


def test_a_value_list_that_changed_fails_the_build(built: subprocess.CompletedProcess[str], lake: Path) -> None:
    """Two fifths of a département's year under a sector nobody knows; what else adds up or agrees still does."""
    tested = dbt(
        *("test", lake, lake.parent / "parts.duckdb", "live", "--select", "sectors_are_known"),
        *("consumption_keeps_what_is_published", "consumption_levels_add_up", "no_day_missing_or_doubled"),
        *("frozen_form_agrees_with_the_long_form", "secret_zeros_are_no_value"),
    )
    assert "WARN=0 ERROR=1 SKIP=0" in tested.stdout, tested.stdout[-3000:]
    assert "Failure in test sectors_are_known" in tested.stdout


def test_a_gap_is_a_warning_with_its_days(
    built: subprocess.CompletedProcess[str], parts: duckdb.DuckDBPyConnection
) -> None:
    assert f"Not in the lake: {LOAD}, region 11, from 2018-11-07 to 2019-01-14 (69 days" in built.stdout
    assert counted(parts, "day_not_held") == [(LOAD, 2018, 55), (LOAD, 2019, 14)]


def test_sums_of_parts_are_no_totals(parts: duckdb.DuckDBPyConnection) -> None:
    assert figure(parts, "departement", "61", 2013) == (None, 16, 0.36, IN_PART)
    assert figure(parts, "departement", "61", 2012) == (32, 32, 0.96, None)
    assert figure(parts, "country", "FR", 2012)[0] is None
    assert figure(parts, "country", "FR", 2012)[3] == IN_PART
    assert (WIDE_COMMUNE, 2013, 3) in counted(parts, IN_PART), "Orne, Normandie and France"


def test_wide_form_stands_in_for_communes_that_the_long_form_lacks(parts: duckdb.DuckDBPyConnection) -> None:
    """One commune in the long form no longer hides the others; the two of Manche come one from each form."""
    assert figure(parts, "departement", "50", 2012) == (516, 516, 1.0, None)
    assert figure(parts, "commune", "50502", 2012)[0] == 500


def test_letters_of_sectors_are_known_and_others_are_counted(parts: duckdb.DuckDBPyConnection) -> None:
    assert figure(parts, "region", "28", 2012, "residential")[0] == 11_677_975.88
    assert figure(parts, "region", "28", 2012, "unknown")[0] == 24_000
    assert counted(parts, "sector_code_unknown") == [(DEPARTEMENT, 2016, 1), (REGION, 2012, 1)]
    assert counted(parts, "territory_not_assigned") == [(REGION, 2021, 1)]


def test_one_impossible_row_takes_out_itself(parts: duckdb.DuckDBPyConnection) -> None:
    assert figure(parts, "region", "11", 2021) == (30_850_000, 30_850_000, 1.0, "above_subscribed_power")
    industry = figure(parts, "region", "11", 2021, "industry")
    assert industry == (7_850_000, 7_850_000, 0.998, "above_subscribed_power")
    share = parts.execute(
        """
        select energy_excluded_share from analysis.consumption_by_client_type
        where territory_level_code = 'region' and territory_code = '11' and client_type_code = 'all'
        """
    ).fetchone()
    assert share == (pytest.approx(65_115.8 / 30_915_115.8),)


def test_a_zero_beside_an_unknown_whole_is_no_value(parts: duckdb.DuckDBPyConnection) -> None:
    assert figure(parts, "departement", "2A", 2014, "residential") == (None, 0, 0, "sector_not_split")
    assert figure(parts, "departement", "2A", 2014) == (950, 950, 1, None)
    assert counted(parts, "sector_not_split") == [(WIDE_DEPARTEMENT, 2014, 4)]


def test_communes_held_in_part_do_not_hide_their_departement(parts: duckdb.DuckDBPyConnection) -> None:
    """Of the documented table: communes where all are there or nothing else is, else the département."""
    rows = parts.execute(
        """
        select code_commune, conso_totale_mwh from dataelec.conso_annuelle_type_region
        where code_departement = '61' and annee in (2013, 2014) order by annee
        """
    ).fetchall()
    assert rows == [("61006", 16), (None, 16)]


def test_a_landed_calendar_wins_and_is_named(parts: duckdb.DuckDBPyConnection) -> None:
    days = parts.execute(
        """
        select strftime(date_day, '%Y-%m-%d'),
            is_school_holiday_zone_a, is_school_holiday_zone_b, is_school_holiday_zone_c
        from core.dim_dates where date_day in ('2021-04-12', '2021-04-26', '2021-05-05', '2023-05-19') order by 1
        """
    ).fetchall()
    assert days == [
        ("2021-04-12", True, True, True),
        ("2021-04-26", False, False, False),
        ("2021-05-05", False, False, False),
        ("2023-05-19", False, False, True),
    ]
    # Christmas is not in the file: the seed speaks of it.
    christmas = parts.execute(
        """
        select is_school_holiday_zone_a, school_calendar_source_code
        from core.dim_dates where date_day = '2020-12-28'
        """
    ).fetchone()
    assert christmas == (True, "portal_and_seed")
    spoke = parts.execute(
        "select dataset_code, calendar_days_count from analysis.data_provenance where calendar_days_count is not null"
    ).fetchall()
    assert sorted(spoke) == [(CALENDAR, 2 * 365), ("jours-feries", 0)]
