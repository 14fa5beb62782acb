"""A dataset's twin, its values in another unit, its codes mangled by a spreadsheet: each lands right or is rejected."""

import datetime as dt
import gzip
import hashlib
import io
import json
import os
import zipfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dataelec.errors import DataElecError
from loaders.catalog import CATALOG
from loaders.lake import Lake
from loaders.landing import FileReport, check_files, import_files
from tests.loaders.lakes import (
    LOAD,
    NEW,
    NOW,
    OLD,
    TEMPERATURE,
    csv_text,
    json_file,
    load_fields,
    tree,
)

PRODUCTION = "eco2mix-regional-cons-def"
PROFILES = "conso-inf36-region"
ORE = "consommation-annuelle-d-electricite-et-gaz-par-commune"
WIDE = "conso-elec-gaz-annuelle-par-secteur-dactivite-agregee-departement"
STATIONS = "donnees-climatologiques-de-base-quotidiennes"
DWELLINGS = "FD_LOGEMT"
COMMUNES = "populations-legales-communes"

Values = list[dict[str, object]]


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(str(tmp_path / "lake"))


def text(rows: Values, delimiter: str = ";") -> str:
    return csv_text(rows[0], [list(row.values()) for row in rows], delimiter)


def write(folder: Path, content: str | bytes, name: str = "x.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def land(lake: Lake, dataset: str, *files: Path, at: dt.datetime = NEW, year: str | None = None) -> list[FileReport]:
    return list(import_files(lake, dataset, files, loaded_at=NOW, published_at=at, year=year).files)


def counts(report: FileReport) -> tuple[int, int, int]:
    return report.new, report.replaced, report.unchanged


def rows_of(lake: Lake, dataset: str, columns: str, order: str = "all") -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        folder = f"{lake.root}/{CATALOG[dataset].folder}".replace("[", "[[]").replace("'", "''")
        return connection.execute(
            f"select {columns} from read_parquet('{folder}/**/*.parquet', union_by_name = true,"
            f" hive_partitioning = false) order by {order}"
        ).fetchall()


def refusal(lake: Lake, dataset: str, *files: Path, at: dt.datetime = NEW, year: str | None = None) -> str:
    """Return what an import is refused with, once the lake is seen to be as before."""
    before = tree(Path(lake.root)) if Path(lake.root).exists() else {}
    with pytest.raises(DataElecError) as raised:
        land(lake, dataset, *files, at=at, year=year)
    assert (tree(Path(lake.root)) if Path(lake.root).exists() else {}) == before
    return str(raised.value)


def half_hours(minutes: int = 30, days: int = 1, day: str = "2019-01-15") -> Iterable[tuple[str, str, str]]:
    """Yield (instant, day, clock) of winter days."""
    start = dt.datetime.fromisoformat(day)
    for number in range(days * 24 * 60 // minutes):
        moment = start + dt.timedelta(minutes=number * minutes)
        yield f"{moment:%Y-%m-%dT%H:%M:%S}+01:00", f"{moment:%Y-%m-%d}", f"{moment:%H:%M}"


def production(minutes: int = 30, nature: str = "Données définitives", **changes: object) -> Values:
    values = {
        "code_insee_region": "32",
        "nature": nature,
        "consommation": 5497,
        "thermique": 398,
        "nucleaire": 3349,
        "eolien": 5445,
        "solaire": 0,
        "hydraulique": 2,
        "pompage": 0,
        "bioenergies": 126,
        "ech_physiques": -3820,
        **changes,
    }
    return [{"date_heure": i, "date": d, "heure": c, **values} for i, d, c in half_hours(minutes)]


def loads(minutes: int = 30, value: object = 7_000, region: str = "11", days: int = 1) -> Values:
    return [
        {
            "date_heure": i,
            "date": d,
            "heure": c,
            "code_insee_region": region,
            "consommation_brute_electricite_rte": value,
        }
        for i, d, c in half_hours(minutes, days)
    ]


def profiles(minutes: int = 30, energy: object = 2_500_000, naive: bool = False) -> Values:
    return [
        {
            "horodate": i[:19] if naive else i,
            "code_region": "11",
            "profil": "RES1",
            "plage_de_puissance_souscrite": "P3",
            "nb_points_soutirage": 10_000,
            "total_energie_soutiree_wh": energy,
        }
        for i, _, _ in half_hours(minutes)
    ]


def energies(**changes: object) -> Values:
    row = {
        "operateur": "Enedis",
        "annee": 2021,
        "filiere": "Electricité",
        "code_commune": "01001",
        "code_departement": "01",
        "code_region": "84",
        "code_categorie_consommation": "RES",
        "code_grand_secteur": "RESIDENTIEL",
        "code_secteur_naf2": "",
        "nb_sites": 400,
        "conso_totale_mwh": 2100.5,
        **changes,
    }
    return [{**row, "annee": year} for year in range(2011, 2024)]


def days(count: int = 30, step: int = 1) -> Iterable[str]:
    return (f"{dt.date(2024, 1, 1) + dt.timedelta(days=step * number)}" for number in range(count))


def temperatures(step: int = 1, **changes: object) -> Values:
    row = {"code_insee_region": "11", "tmin": 1.0, "tmax": 9.0, "tmoy": 5.0}
    return [{"date": day, **row, **changes} for day in days(step=step)]


def dwellings(commune: str, count: int, year: str = "2015", weight: str = "1.5") -> Values:
    row = {"commune": commune, "catl": 1, "typl": 1, "surf": 3, "ipondl": weight, "aemm": int(year) + 1}
    return [{**row, "surf": 1 + number % 7} for number in range(count)]


def one(rows: Values, position: int, **changes: object) -> Values:
    return [{**row, **changes} if number == position else row for number, row in enumerate(rows)]


# --- twins -----------------------------------------------------------------------------------------------------------

TWINS: dict[str, tuple[str, Values, list[str]]] = {
    "real time by its status": (
        PRODUCTION,
        production(15, "Données temps réel"),
        ["x.csv, line 2", "`nature`", "'Données temps réel' is no value"],
    ),
    "quarter-hours by their step": (PRODUCTION, production(15), ["line 3", "not on a step of 30 minutes"]),
    "ten minutes of load": (LOAD, loads(10), ["line 3", "not on a step of 30 minutes"]),
    "hourly means of production": (PRODUCTION, production(60), ["same minute of the hour"]),
    "hourly means of load": (LOAD, loads(60), ["same minute of the hour"]),
    "hourly sums of profiles": (PROFILES, profiles(60), ["same minute of the hour"]),
    "six-hourly load": (LOAD, loads(360, days=4), ["same minute of the hour"]),
    "weekly temperatures": (TEMPERATURE, temperatures(step=7), ["no two of its 30 times are a day apart"]),
    "a status of its own": (PRODUCTION, production(nature="Prévision"), ["'Prévision' is no value", "48 of 48 rows"]),
    "hourly temperatures without the hour": (
        TEMPERATURE,
        [{**row, "tmoy": 4 + hour / 10} for row in temperatures() for hour in range(24)],
        ["repeat the `code_insee_region`, `date` of another"],
    ),
    "profiles of unknown names": (
        PROFILES,
        [{**row, "profil": "Résidentiel"[:3] + "X"} for row in profiles()] + [{**profiles()[0], "profil": "XYZ"}] * 3,
        ["`profil`", "'XYZ' is no value"],
    ),
    "sectors of unknown names": (ORE, energies(code_grand_secteur="S1"), ["`code_grand_secteur`", "'S1' is no value"]),
}


def test_half_hours_of_a_day_and_a_single_row_are_no_twin(tmp_path: Path, lake: Lake) -> None:
    assert counts(land(lake, PRODUCTION, write(tmp_path, text(production())))[0]) == (48, 0, 0)
    assert counts(land(lake, LOAD, write(tmp_path, text(loads()[:1])))[0]) == (1, 0, 0)


def test_no_dataset_is_suggested_for_an_unknown_id(lake: Lake) -> None:
    message = refusal(lake, "eco2mix-regional-tr", Path("x.csv"))
    assert PRODUCTION not in message


# --- units and contradictions ----------------------------------------------------------------------------------------

WRONG: dict[str, tuple[str, Values, list[str]]] = {
    "a region at 7 MW": (LOAD, loads(value="7.000"), ["line 2", "7 is not between", "`code_insee_region` 11"]),
    "load in kW": (LOAD, loads(value=7_000_000), ["7000000 is not between"]),
    "a small region ten times as large": (LOAD, loads(value=24_000, region="27"), ["24000 is not between"]),
    "a value ten times its neighbours": (
        LOAD,
        one(loads(value=2_400, region="53"), 7, consommation_brute_electricite_rte=240),
        ["line 9", "240 is not between"],
    ),
    "wind and exchange in each other's place": (
        PRODUCTION,
        production(eolien=-3820, ech_physiques=5445),
        ["`eolien`", "-3820 is not between"],
    ),
    "nuclear where there is none": (PRODUCTION, production(code_insee_region="53"), ["`nucleaire`", "3349"]),
    "parts that miss their total": (PRODUCTION, production(ech_physiques=0, consommation=5_000), ["is not the sum of"]),
    "minimum above maximum": (TEMPERATURE, temperatures(tmin=9, tmax=1), ["line 2", "`tmin`, `tmoy`, `tmax`"]),
    "mean outside": (TEMPERATURE, one(temperatures(), 4, tmoy=0), ["line 6", "1.0, 0.0, 9.0", "not in this order"]),
    "Fahrenheit": (TEMPERATURE, temperatures(tmin=46, tmoy=51, tmax=57), ["46 is not between"]),
    "energy in kWh": (ORE, energies(conso_totale_mwh=2_100_500), ["5251.25", "in another unit"]),
    "energy in GWh": (ORE, energies(conso_totale_mwh=2.1), ["in another unit"]),
    "profiles in kWh": (PROFILES, profiles(energy=2_500), ["`total_energie_soutiree_wh`", "in another unit"]),
    "sites with a point for thousands": (ORE, energies(nb_sites="1.264"), ["1.264 is not a whole number"]),
}


def test_one_value_far_from_its_day_is_rejected(tmp_path: Path, lake: Lake) -> None:
    rows = one(loads(value=11_900), 7, consommation_brute_electricite_rte=1_400)
    message = refusal(lake, LOAD, write(tmp_path, text(rows)))
    assert "x.csv, line 9" in message
    assert "less than 7 times under the median of its series that day, 11900" in message


def test_values_many_times_their_earlier_vintage_are_rejected(tmp_path: Path, lake: Lake) -> None:
    land(lake, TEMPERATURE, write(tmp_path, text(temperatures(tmin=0.5, tmoy=0.9, tmax=1))), at=OLD)
    message = refusal(lake, TEMPERATURE, write(tmp_path, text(temperatures(tmin=5, tmoy=9, tmax=10))))
    assert "10 times those that the lake holds" in message
    once = write(tmp_path, text(loads(value=9_000)[:30]))
    land(lake, LOAD, once, at=OLD)
    slip = write(tmp_path, text(one(loads(value=9_001), 3, consommation_brute_electricite_rte=1_200)[3:4]))
    assert "1200 where the lake holds 9000 of an earlier vintage" in refusal(lake, LOAD, slip)


def test_a_revision_by_percents_and_a_mended_slip_are_taken(tmp_path: Path, lake: Lake) -> None:
    land(lake, LOAD, write(tmp_path, text(loads(value=9_000)[:11] + loads(value=1_200)[11:12])), at=OLD)
    assert counts(land(lake, LOAD, write(tmp_path, text(loads(value=9_100)[:12])))[0]) == (0, 12, 0)


# --- numbers ---------------------------------------------------------------------------------------------------------

NUMBERS: dict[str, tuple[str, Values, list[str]]] = {
    "a word of another portal": (PRODUCTION, production(nucleaire="n/d"), ["line 2", "`nucleaire`", "'n/d'"]),
    "NaN": (PRODUCTION, production(solaire="NaN"), ["line 2", "`solaire`", "'NaN' is not a number"]),
    "infinity": (PRODUCTION, production(solaire="inf"), ["`solaire`", "'inf' is not a number"]),
    "thousands by spaces": (PRODUCTION, production(nucleaire="3 349"), ["`nucleaire`", "thousands are divided"]),
    "thousands by narrow spaces": (PRODUCTION, production(nucleaire="3\u202f349"), ["thousands are divided"]),
    "thousands by apostrophes": (ORE, energies(conso_totale_mwh="2'100.5"), ["thousands are divided"]),
    "thousands by points, decimal comma": (ORE, energies(conso_totale_mwh="2.100,5"), ["thousands are divided"]),
    "an integer with thousands": (COMMUNES, [{"reg": 84, "dep": 1, "com": 1001, "pmun": "12.000"}], ["'12.000'"]),
    "a temperature in words": (
        STATIONS,
        [{"num_poste": "04039001", "lat": 43, "lon": 6, "alti": 9, "aaaammjj": 20240101, "tn": 1, "tx": "x", "tm": 2}],
        ["line 2", "`tx`", "'x' is not a number"],
    ),
    "a rounded code": (
        STATIONS,
        [{"num_poste": "4,04E+6", "lat": 4, "lon": 6, "alti": 9, "aaaammjj": 20240101, "tn": 1, "tx": 2, "tm": 2}],
        ["'4,04E+6' is not a code", "rounded"],
    ),
    "a published date that is none": (LOAD, [{**loads()[0], "date": "yesterday"}], ["`date`", "'yesterday'"]),
    "a commune's name for its code": (ORE, energies(code_commune="Ambérieu"), ["'Ambérieu' is not a code"]),
    "an instant of no time zone": (PROFILES, profiles(naive=True), ["`horodate`", "it has no time zone"]),
}


@pytest.mark.parametrize("case", REJECTED := TWINS | WRONG | NUMBERS)
def test_what_cannot_be_right_is_rejected_with_its_reason_and_place(tmp_path: Path, lake: Lake, case: str) -> None:
    dataset, rows, expected = REJECTED[case]
    message = refusal(lake, dataset, write(tmp_path, text(rows)))
    for part in expected:
        assert part in message


def test_decimal_commas_exponents_and_the_portals_own_words_are_read(tmp_path: Path, lake: Lake) -> None:
    rows = production(thermique="398,0", nucleaire="3,349E3", eolien="ND", solaire="-")
    land(lake, PRODUCTION, write(tmp_path, text([{**row, "consommation": "5497,0"} for row in rows])))
    columns = "distinct consommation, thermique, nucleaire, eolien, solaire, typeof(eolien)"
    assert rows_of(lake, PRODUCTION, columns) == [(5497.0, 398.0, 3349.0, None, None, "DOUBLE")]
    station = {"num_poste": "4039001", "lat": "43,8", "lon": "6,5", "alti": "729", "aaaammjj": "20240101", "qtn": "1.0"}
    land(lake, STATIONS, write(tmp_path, text([{**station, "tn": "9,6", "tx": "29,1", "tm": "mq"}])))
    assert rows_of(lake, STATIONS, "num_poste, tn, tx, tm, qtn") == [("04039001", 9.6, 29.1, None, "1")]


def test_a_date_that_pandas_made_a_timestamp_is_the_day(tmp_path: Path, lake: Lake) -> None:
    table = pa.Table.from_pylist(loads())
    stamps = pa.array([dt.datetime.fromisoformat(str(day)) for day in table["date"].to_pylist()], pa.timestamp("ns"))
    pq.write_table(table.set_column(1, "date", stamps), tmp_path / "x.parquet")
    land(lake, LOAD, write(tmp_path, text(loads())))
    assert counts(land(lake, LOAD, tmp_path / "x.parquet")[0]) == (0, 0, 48)
    assert rows_of(lake, LOAD, "distinct date") == [("2019-01-15",)]


def test_local_time_is_told_by_the_hole_that_spring_leaves(tmp_path: Path, lake: Lake) -> None:
    start = dt.datetime(2024, 3, 30)
    moments = [start + dt.timedelta(minutes=30 * number) for number in range(3 * 48)]
    kept = [moment for moment in moments if (moment.day, moment.hour) != (31, 2)]
    rows = [{**profiles()[0], "horodate": moment} for moment in kept]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "local.parquet")
    assert "it has 01:00 and 03:00 but no 02:00" in refusal(lake, PROFILES, tmp_path / "local.parquet")
    whole = [{**profiles()[0], "horodate": moment} for moment in moments]
    pq.write_table(pa.Table.from_pylist(whole), tmp_path / "utc.parquet")
    assert counts(land(lake, PROFILES, tmp_path / "utc.parquet")[0]) == (144, 0, 0)


# --- keys ------------------------------------------------------------------------------------------------------------

RESAVED: dict[str, tuple[str, Values, Values]] = {
    "lost zeros": (ORE, energies(), energies(code_commune="1001", code_departement="1")),
    "trailing .0": (ORE, energies(code_secteur_naf2="10"), energies(code_secteur_naf2="10.0", code_region="84.0")),
    "one digit of a division": (ORE, energies(code_secteur_naf2="01"), energies(code_secteur_naf2="1.0")),
    "a region by its name": (
        TEMPERATURE,
        temperatures(),
        [{**row, "code_insee_region": "Ile de France"} for row in temperatures()],
    ),
    "a Corsican commune in lower case": (ORE, energies(code_commune="2A004"), energies(code_commune="2a004")),
    "départements of the wide form": (
        WIDE,
        [{"operateur": "E", "annee": 2021, "filiere": "Gaz", "code_departement": "02", "consototale": 5}],
        [{"operateur": "E", "annee": 2021, "filiere": "Gaz", "code_departement": "2", "consototale": 5}],
    ),
    "populations": (
        COMMUNES,
        [{"reg": "01", "dep": "01", "codcom": "001", "com": "01001", "pmun": 860}],
        [{"reg": "1", "dep": "1", "codcom": "1", "com": "1001", "pmun": "860.0"}],
    ),
    "accents as characters of their own": (ORE, energies(operateur="Ré\u00e9"), energies(operateur="Re\u0301e\u0301")),
    "cubes by territory": (
        "DS_RP_LOGEMENT_PRINC",
        [{"geo_object": "COM", "geo": "01001"}],
        [{"geo_object": "COM", "geo": "1001"}],
    ),
}


@pytest.mark.parametrize("case", RESAVED)
def test_a_file_saved_again_by_a_spreadsheet_changes_nothing(tmp_path: Path, lake: Lake, case: str) -> None:
    dataset, original, mangled = RESAVED[case]
    if dataset == "DS_RP_LOGEMENT_PRINC":
        rest = {c.name: "_T" for c in CATALOG[dataset].columns if c.needed} | {"time_period": 2021, "obs_value": 5}
        original, mangled = ([rest | row for row in rows] for rows in (original, mangled))
    land(lake, dataset, write(tmp_path, text(original)), at=OLD)
    before = tree(Path(lake.root))
    assert counts(land(lake, dataset, write(tmp_path, text(mangled)))[0]) == (0, 0, len(mangled))
    assert tree(Path(lake.root)) == before


def test_rows_of_an_earlier_version_of_the_lake_are_met_by_their_right_codes(tmp_path: Path, lake: Lake) -> None:
    land(lake, ORE, write(tmp_path, text(energies())), at=OLD)
    (held,) = [p for p in Path(lake.root).rglob("*.parquet") if p.name == f"{ORE}.parquet"]
    table = pq.read_table(held)
    old = pa.array(["1001"] * table.num_rows)
    position = table.column_names.index("code_commune")
    doubled = table.set_column(position, table.schema.field(position), old)
    pq.write_table(pa.concat_tables([table, doubled]), held)
    _forget_the_hash(lake, held)
    report = land(lake, ORE, write(tmp_path, text(energies(conso_totale_mwh=2200))))[0]
    assert counts(report) == (0, 13, 0)
    assert rows_of(lake, ORE, "distinct code_commune, conso_totale_mwh") == [("01001", 2200.0)]


def _forget_the_hash(lake: Lake, file: Path) -> None:
    """Write the file's new hash into the manifest, as a lake of an earlier version would have it."""
    manifest = Path(lake.root) / "_manifest" / f"{ORE}.json"
    records = json.loads(manifest.read_text())
    for record in records:
        if record["path"].endswith(file.name):
            record["sha256"] = hashlib.sha256(file.read_bytes()).hexdigest()
            record["rows"] *= 2
    manifest.write_text(json.dumps(records))


# --- years, zones, placeholders --------------------------------------------------------------------------------------


def test_zones_and_years_of_dwellings_lie_side_by_side(tmp_path: Path, lake: Lake) -> None:
    zones = [write(tmp_path, text(dwellings(c, 50)), f"FD_LOGEMTZ{c}.csv") for c in ("75056", "95018")]
    assert [counts(r) for r in land(lake, DWELLINGS, *zones, year="2015")] == [(50, 0, 0), (50, 0, 0)]
    later = write(tmp_path, text(dwellings("75056", 40, "2021")))
    assert [counts(r) for r in land(lake, DWELLINGS, later, year="2021")] == [(40, 0, 0)]
    again = write(tmp_path, text(dwellings("75056", 30, weight="2.5")))
    (report,) = land(lake, DWELLINGS, again, year="2015", at=NOW)
    assert (counts(report), report.withdrawn) == ((0, 30, 0), 20)
    held = Counter(rows_of(lake, DWELLINGS, "annee, commune"))
    assert held == {(2015, "75056"): 30, (2015, "95018"): 50, (2021, "75056"): 40}
    assert [counts(r) for r in land(lake, DWELLINGS, zones[1], year="2015")] == [(0, 0, 50)]


def test_parts_of_a_split_file_are_one_file_and_two_publications_are_not(tmp_path: Path, lake: Lake) -> None:
    rows = dwellings("75056", 50) + dwellings("95018", 50)
    land(lake, DWELLINGS, write(tmp_path, text(rows)), year="2015")
    before = tree(Path(lake.root))
    parts = [write(tmp_path, text(part), f"part{n}.csv") for n, part in enumerate((rows[:30], rows[30:]))]
    assert [counts(r) for r in land(lake, DWELLINGS, *parts, year="2015")] == [(0, 0, 30), (0, 0, 70)]
    assert tree(Path(lake.root)) == before
    other = write(tmp_path, text(dwellings("75056", 40) + dwellings("95018", 40)), "other.csv")
    whole = write(tmp_path, text(rows), "whole.csv")
    assert "two publications" in refusal(lake, DWELLINGS, whole, other, year="2015")


def test_three_classes_of_floor_area_are_of_2012_or_before(tmp_path: Path, lake: Lake) -> None:
    row = {"commune": "77288", "catl": 1, "typl": 1, "ipondl": 2}
    three = [{**row, "surf": "123YZ"[number % 5]} for number in range(1_000)]
    told = refusal(lake, DWELLINGS, write(tmp_path, text(three)), year="2013")
    assert "`surf` has the codes of 2012 and before alone" in told
    assert counts(land(lake, DWELLINGS, write(tmp_path, text(three)), year="2012")[0]) == (1_000, 0, 0)
    seven = [{**row, "surf": 7}] * 2
    assert "'7' is no code of 2012" in refusal(lake, DWELLINGS, write(tmp_path, text(three + seven)), year="2012")
    assert counts(land(lake, DWELLINGS, write(tmp_path, text(three + seven)), year="2013")[0]) == (1_002, 0, 0)


def test_the_year_of_dwellings_is_taken_from_when_people_moved_in(tmp_path: Path, lake: Lake) -> None:
    rows = [{**row, "aemm": 2000 + number % 18} for number, row in enumerate(dwellings("77288", 1_200))]
    land(lake, DWELLINGS, write(tmp_path, text(rows)))
    assert rows_of(lake, DWELLINGS, "distinct annee") == [(2015,)]
    assert "is of 2015, not of 2021" in refusal(lake, DWELLINGS, write(tmp_path, text(rows)), year="2021")


def test_populations_of_older_headers_land_with_the_year_that_paris_tells(tmp_path: Path, lake: Lake) -> None:
    row = {"CODREG": "11", "REG": "Île-de-France", "CODDEP": "75", "CODCOM": "101", "COM": "Paris 1er", "PMUN": 2165423}
    overseas = {**row, "CODREG": "1", "REG": "Guadeloupe", "CODDEP": "971", "COM": "Abymes", "PMUN": 53_514}
    land(lake, COMMUNES, write(tmp_path, text([row, overseas])))
    columns = "annee, reg, region, dep, com, commune"
    assert rows_of(lake, COMMUNES, columns) == [
        (2019, "01", "Guadeloupe", "971", "97101", "Abymes"),
        (2019, "11", "Île-de-France", "75", "75101", "Paris 1er"),
    ]


def test_a_month_of_placeholders_lands_beside_the_others_and_says_so(tmp_path: Path, lake: Lake) -> None:
    bare = {name: value for name, value in load_fields().items() if name != "consommation_brute_electricite_rte"}
    february = [{**bare, "date_heure": f"2022-02-01T{h:02}:00:00+01:00", "heure": f"{h:02}:00"} for h in range(6)]
    files = [json_file(tmp_path, [load_fields()], "01.json"), json_file(tmp_path, february, "02.json")]
    first, second = land(lake, LOAD, *files)
    assert (counts(first), first.remarks) == ((1, 0, 0), ())
    assert counts(second) == (6, 0, 0)
    assert "6 placeholders of what is not yet published" in second.remarks[0]
    without = write(tmp_path, text([{k: v for k, v in row.items() if "rte" not in k} for row in february]))
    assert "lacks `consommation_brute_electricite_rte`" in refusal(lake, LOAD, without)


# --- what a file is --------------------------------------------------------------------------------------------------


def _zip(*members: str) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name in members:
            archive.writestr(name, "x")
    return sink.getvalue()


GOOD = text(temperatures())
FOREIGN: dict[str, tuple[str | bytes, list[str]]] = {
    "tabs": (GOOD.replace(";", "\t"), ["delimited by tabs", "save it as CSV"]),
    "tabs in Latin-1": (GOOD.replace(";", "\t").replace("date", "périmètre").encode("latin-1"), ["delimited by tabs"]),
    "bars": (GOOD.replace(";", "|"), ["delimited by vertical bars"]),
    "Excel's first line": ("sep=;\n" + GOOD, ["line 1: `sep=`", "Remove the first line"]),
    "a title": ("Extraction du 12/03/2024\n\n" + GOOD, ["the header is line 3", "Remove the lines above"]),
    "two titles": ("Source : ODRE;;\nFrance;;\n" + GOOD, ["the header is line 3"]),
    "ods": (_zip("mimetype", "content.xml", "styles.xml"), ["LibreOffice", "save the sheet as CSV"]),
    "xlsx": (_zip("[Content_Types].xml", "xl/workbook.xml"), ["Excel workbook", "save the sheet as CSV"]),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), ["old Excel"]),
    "xls that is a page": ("<html><body><table><tr><td>1</td></tr></table></body></html>", ["HTML page with a table"]),
    "shapefile": (_zip("a.shp", "a.dbf"), ["is a map"]),
    "GeoJSON": ('{"type": "FeatureCollection", "features": []}', ["GeoJSON"]),
    "Unicode text of Excel": (GOOD.encode("utf-16"), ["UTF-16"]),
    "xz": (b"\xfd7zXZ\x00" + bytes(20), ["packed with xz"]),
    "a cut last number": (GOOD.replace("\n", "\r\n")[:-3], ["does not end with a line end"]),
    "NUL where a disk ran full": (GOOD.encode() + bytes(512), ["neither text"]),
}


@pytest.mark.parametrize("case", FOREIGN)
def test_a_file_that_is_no_export_is_said_to_be_what_it_is(tmp_path: Path, lake: Lake, case: str) -> None:
    content, expected = FOREIGN[case]
    message = refusal(lake, TEMPERATURE, write(tmp_path, content, "sheet.xls"))
    for part in ["sheet.xls", *expected]:
        assert part in message


def test_a_last_line_without_end_is_remarked_on(tmp_path: Path, lake: Lake) -> None:
    (report,) = land(lake, TEMPERATURE, write(tmp_path, GOOD.rstrip("\n")))
    assert report.remarks == ("the last line has no end: make sure that its last value is whole",)


# --- many files, odd names -------------------------------------------------------------------------------------------


def test_check_reads_all_files_and_lands_none(tmp_path: Path) -> None:
    files = [
        write(tmp_path, text(loads()), "good.csv"),
        write(tmp_path, text(loads(60)), "hourly.csv"),
        write(tmp_path, gzip.compress(b"<html>"), "page.csv.gz"),
    ]
    found = check_files(LOAD, files, checked_at=NOW)
    assert [(each.name, each.rows, each.problem is None) for each in found] == [
        ("good.csv", 48, True),
        ("hourly.csv", 0, False),
        ("page.csv.gz", 0, False),
    ]
    assert {path.name for path in tmp_path.iterdir()} == {"good.csv", "hourly.csv", "page.csv.gz"}


def test_a_file_whose_header_is_wrong_is_named_before_others_are_read(
    tmp_path: Path, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("loaders.landing.read_files", lambda *_: pytest.fail("a file was read"))
    files = [write(tmp_path, GOOD, "good.csv"), write(tmp_path, "a;b\n1;2\n", "bad.csv")]
    assert "bad.csv lacks" in refusal(lake, TEMPERATURE, *files)


@pytest.mark.parametrize("name", ["l'énergie", "[2024] élec", "a b", "x*?y"])
def test_a_lake_and_a_file_of_any_name_take_rows_and_merge_them(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    lake = Lake(str(folder / "lac"))
    file = write(folder, GOOD, f"{name}.csv")
    assert counts(land(lake, TEMPERATURE, file)[0]) == (30, 0, 0)
    assert counts(land(lake, TEMPERATURE, file)[0]) == (0, 0, 30)


def test_a_file_name_that_is_no_text_is_read_and_shown(tmp_path: Path, lake: Lake) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/temp\xe9rature.csv"))
    path.write_text(GOOD)
    assert land(lake, TEMPERATURE, path)[0].name == "temp\ufffdrature.csv"
    assert rows_of(lake, TEMPERATURE, "distinct _source_file") == [("temp\ufffdrature.csv",)]


DAYS = ("2019-01-15", "2019-01-16", "2019-01-17")
SPOILERS: dict[str, tuple[str, str]] = {
    "an unreadable value": ("abc", "2.csv, line 6, column `consommation_brute_electricite_rte`: 'abc' is not a number"),
    "an impossible value": (
        "59000",
        "2.csv, line 6: column `consommation_brute_electricite_rte`: 59000 is not between",
    ),
    "a value far from its day": ("1200", "2.csv, line 6: column `consommation_brute_electricite_rte`: 1200 is less"),
}


def days_of_load(folder: Path, days: Iterable[str] = DAYS) -> list[Path]:
    """Write a file a day, columns in another order each, numbers with a decimal comma where one is divided."""
    files = []
    for number, day in enumerate(days, start=1):
        rows = [
            load_fields(date_heure=moment, date=date, heure=clock, consommation_brute_electricite_rte="9000,5")
            for moment, date, clock in half_hours(day=day)
        ]
        names = [*list(rows[0])[number:], *list(rows[0])[:number]]
        files.append(write(folder, text([{name: row[name] for name in names} for row in rows]), f"{number}.csv"))
    return files


@pytest.mark.parametrize("fault", SPOILERS)
def test_of_files_read_together_the_wrong_one_is_named(tmp_path: Path, lake: Lake, fault: str) -> None:
    files = days_of_load(tmp_path)
    value, said = SPOILERS[fault]
    lines = files[1].read_text().splitlines(keepends=True)
    lines[5] = lines[5].replace("9000,5", value)
    write(tmp_path, "".join(lines), "2.csv")
    assert said in refusal(lake, LOAD, *files)


def test_files_read_together_land_as_they_do_one_by_one(tmp_path: Path, lake: Lake) -> None:
    files = days_of_load(tmp_path)
    (tmp_path / "sparse").mkdir()
    fields = load_fields(date_heure="2019-01-18T00:00:00+01:00", date="2019-01-18", heure="00:00")
    files.append(json_file(tmp_path, [{name: value for name, value in fields.items() if value is not None}]))
    again = days_of_load(tmp_path / "sparse", DAYS[:1])
    assert [counts(report) for report in land(lake, LOAD, *files)] == [(48, 0, 0)] * 3 + [(1, 0, 0)]
    together = rows_of(lake, LOAD, "* exclude (_loaded_at)")
    assert [counts(report) for report in land(lake, LOAD, *files, *again)] == [(0, 0, 48)] * 3 + [(0, 0, 1), (0, 0, 48)]
    alone = Lake(str(tmp_path / "alone"))
    for file in files:
        land(alone, LOAD, file)
    assert rows_of(alone, LOAD, "* exclude (_loaded_at)") == together


def test_an_unknown_value_is_judged_by_its_file_however_many_are_read_with_it(tmp_path: Path, lake: Lake) -> None:
    # Ten rows of them all are few; of their own file they are all.
    files = [write(tmp_path, text(production()), f"{number}.csv") for number in range(25)]
    changed = write(tmp_path, text(production(nature="Données nouvelles")[:10]), "new.csv")
    said = refusal(lake, PRODUCTION, *files, changed)
    assert "new.csv, line 2: column `nature`: 'Données nouvelles' is no value" in said


def test_a_row_without_sector_lands_to_be_counted_and_a_file_without_sectors_is_rejected(
    tmp_path: Path, lake: Lake
) -> None:
    years = [row | {"code_commune": f"01{number:03}"} for number in range(1, 11) for row in energies()]
    years[0]["code_grand_secteur"] = ""
    file = write(tmp_path, text(years))
    report = land(lake, ORE, file)[0]
    assert counts(report) == (130, 0, 0)
    assert not report.left_out
    assert rows_of(lake, ORE, "count(*) filter (where code_grand_secteur is null)") == [(1,)]
    assert counts(land(lake, ORE, file, at=NOW)[0]) == (0, 0, 130)
    said = refusal(lake, ORE, write(tmp_path, text(energies(code_grand_secteur="")), "blank.csv"))
    assert "blank.csv, line 2: column `code_grand_secteur`: '' is no value" in said
