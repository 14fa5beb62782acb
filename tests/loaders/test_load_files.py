"""`load` from the portals that keep files, and from Enedis: what lands, what is asked again, what goes wrong."""

import datetime as dt
import errno
import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb
import pytest

from dataelec.settings import Settings
from loaders.catalog import CATALOG
from loaders.exports import archive
from loaders.http import Limits
from loaders.lake import Lake
from loaders.loading import FAILED, LANDED, OK, UNCHANGED, Outcome, check_sources, load
from loaders.portals import PORTALS
from tests.loaders import file_stand_in as stand_in
from tests.loaders import portal_stand_in as faults
from tests.loaders.file_stand_in import FileHandler, Files, file, object_of, profiles, stations, zipped
from tests.loaders.lakes import NOW, tree
from tests.loaders.portal_stand_in import Fault
from tests.loaders.test_load import IMPATIENT

POPULATIONS = "populations-legales-regions"
DWELLINGS = "FD_LOGEMT"
HOLIDAYS = "jours-feries-alsace-moselle"


@dataclass
class World:
    """One portal, a lake and the clock."""

    portal: Files
    home: Path
    now: dt.datetime = NOW
    lake: Lake = field(init=False)

    def __post_init__(self) -> None:
        self.lake = Lake(str(self.home / "lake"))

    def load(self, dataset: str, limits: Limits = IMPATIENT) -> Outcome:
        entry = CATALOG[dataset]
        settings = Settings(self.home, None, {entry.portal: self.portal.url})
        self.portal.calls.clear()
        return load(self.lake, [entry], settings, now=lambda: self.now, limits=limits)[0]

    def rows(self, dataset: str, columns: str, suffix: str = "") -> list[tuple[object, ...]]:
        with duckdb.connect() as connection:
            connection.execute("set TimeZone = 'UTC'")
            return connection.execute(
                f"select {columns} from read_parquet('{self.lake.root}/{CATALOG[dataset].folder}/**/*.parquet',"
                f" union_by_name = true, hive_partitioning = false) {suffix}"
            ).fetchall()


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    for name, entry in PORTALS.items():
        if entry.calls_a_minute:
            monkeypatch.setitem(PORTALS, name, replace(entry, calls_a_minute=60_000))
    with faults.running(Files(), FileHandler) as portal:
        yield World(portal, tmp_path)


# --- INSEE -----------------------------------------------------------------------------------------------------------


def ensemble(paris: int) -> bytes:
    lines = ("REG;Région;NBCOM;PMUN;PTOT", f"11;Île-de-France;1268;{paris};13000000", "01;Guadeloupe;32;384315;390000")
    return zipped({"donnees_regions.csv": "\n".join(lines).encode(), "donnees_cantons.csv": b"CODE\n1\n"})


def publish_populations(world: World) -> list[str]:
    paths = [path for _, path in CATALOG[POPULATIONS].files]
    for number, path in enumerate(paths):
        world.portal.answers[path] = file(ensemble(12_000_000 + number))
    return paths


def test_populations_land_with_the_year_of_their_file(world: World) -> None:
    paths = publish_populations(world)
    outcome = world.load(POPULATIONS)
    assert (outcome.result, outcome.parts) == (LANDED, ("2020", "2021", "2022", "2023")), outcome.why
    assert world.rows(POPULATIONS, "annee, reg, pmun", "where reg = '11' order by annee") == [
        (2020 + number, "11", 12_000_000 + number) for number in range(4)
    ]
    record = world.lake.records(CATALOG[POPULATIONS])[0]
    assert (record.url, record.vintage_to) == (f"{world.portal.url}{paths[-1]}", "2023-12-18T08:00:00+00:00")
    assert world.load(POPULATIONS).result == UNCHANGED
    assert world.portal.calls == {f"HEAD {path}": 1 for path in paths}


def test_a_file_that_changed_is_fetched_alone(world: World) -> None:
    paths = publish_populations(world)
    world.load(POPULATIONS)
    world.portal.answers[paths[1]] = file(ensemble(13_000_000), "Mon, 15 Jan 2024 08:00:00 GMT")
    outcome = world.load(POPULATIONS)
    assert (outcome.result, outcome.parts) == (LANDED, ("2021",))
    assert world.portal.downloads == [paths[1]]
    assert world.rows(POPULATIONS, "pmun", "where reg = '11' and annee = 2021") == [(13_000_000,)]
    assert world.rows(POPULATIONS, "count(*)") == [(8,)]


def dwellings(rows: int = 3) -> bytes:
    lines = ["COMMUNE;ARM;IRIS;CATL;TYPL;SURF;CMBL;CHFL;IPONDL", *["01001;ZZZZZ;010010101;1;1;5;4;3;2.5"] * rows]
    return zipped({"FD_LOGEMT_2022.csv": "\n".join(lines).encode(), "Varmod_LOGEMT_2022.csv": b"COD_VAR;LIB_VAR\n"})


def test_dwellings_land_from_the_one_csv_of_their_zip(world: World) -> None:
    ((_, path),) = CATALOG[DWELLINGS].files
    world.portal.answers[path] = file(dwellings())
    assert world.load(DWELLINGS).result == LANDED
    assert world.rows(DWELLINGS, "annee, commune, count(*), sum(ipondl)", "group by all") == [(2022, "01001", 3, 7.5)]


def climbing() -> bytes:
    return zipped({"../../donnees_regions.csv": b"REG\n"})


def bomb() -> bytes:
    return zipped({"donnees_regions.csv": b"0" * (80 << 20)})


ZIP_FAULTS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "a path that climbs out": (
        lambda content: climbing(),
        "holds a file whose path leads out of the archive: '../../d",
    ),
    "a bomb": (lambda content: bomb(), "decompresses to more than 250 times its size"),
    "truncated": (lambda content: content[: len(content) // 2], "is a cut, damaged or locked zip file"),
    "damaged": (lambda content: content[:60] + b"\xff" * 8 + content[68:], "is a cut, damaged or locked zip file"),
    "an HTML page": (lambda content: b"<html>Maintenance</html>", "is an HTML or XML page"),
    "no bytes": (lambda content: b"", "is empty (0 bytes)"),
    "another publication": (lambda content: zipped({"a.csv": b"", "b.csv": b""}), "holds 2 files (a.csv, b.csv)"),
    "too few rows": (lambda content: content, "has 2 rows; 13 at least were expected"),
    "no text": (
        lambda content: zipped({"donnees_regions.csv": b"REG;NBCOM;PMUN\n11;\xe9\x81;300000\n"}),
        "is neither text in UTF-8 or Latin-1",
    ),
    "mixed encodings": (
        lambda content: zipped(
            {"donnees_regions.csv": "REG;Région;NBCOM;PMUN\n11;Île;1;300000\n".encode() + b"53;\xcele;1;300000\n"}
        ),
        "mixes UTF-8 and Latin-1",
    ),
    "a decimal mark for thousands": (
        lambda content: zipped({"donnees_regions.csv": "REG;Région;NBCOM;PMUN\n11;x;1;12,000\n".encode()}),
        "'12,000' is not a whole number",
    ),
}


@pytest.mark.parametrize("name", ZIP_FAULTS)
def test_a_zip_that_is_not_right_is_explained_and_leaves_the_lake_alone(
    world: World, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    change, message = ZIP_FAULTS[name]
    paths = publish_populations(world)
    world.load(POPULATIONS)
    if name == "too few rows":
        monkeypatch.setitem(CATALOG, POPULATIONS, replace(CATALOG[POPULATIONS], fewest_rows=13))
    world.portal.answers[paths[1]] = file(change(ensemble(13_000_000)), "Mon, 15 Jan 2024 08:00:00 GMT")
    before = tree(world.home)
    outcome = world.load(POPULATIONS)
    assert outcome.result == FAILED
    assert message in outcome.why
    assert "\n" in outcome.why
    assert str(world.home) not in outcome.why
    assert tree(world.home) == before


def test_a_disk_that_fills_up_while_unpacking_is_explained(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    publish_populations(world)
    monkeypatch.setattr(archive, "_write", no_room)
    outcome = world.load(POPULATIONS)
    assert outcome.result == FAILED
    assert "ensemble-2020.zip cannot be unpacked: no space left after" in outcome.why
    assert "Make room where temporary files go" in outcome.why
    assert world.load(POPULATIONS).result == FAILED
    monkeypatch.undo()
    assert world.load(POPULATIONS).result == LANDED


def no_room(sink: object, chunk: bytes) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_publication_that_is_gone_is_named_with_its_year(world: World) -> None:
    paths = publish_populations(world)
    del world.portal.answers[paths[3]]
    outcome = world.load(POPULATIONS)
    assert outcome.result == FAILED
    assert f"INSEE has no file {paths[3]} with the rows of 2023 (HTTP 404)" in outcome.why
    assert "loaders/catalog" in outcome.why


def test_real_populations_land_from_their_zip(world: World, real_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    members = {path.name: path.read_bytes() for path in sorted((real_data / "insee").glob("donnees_*.csv"))}
    publish_populations(world)
    for level in ("regions", "departements", "communes"):
        dataset = f"populations-legales-{level}"
        # The year that these files are of: another would contradict what is in them.
        (published,) = [(year, path) for year, path in CATALOG[dataset].files if year == "2023"]
        monkeypatch.setitem(CATALOG, dataset, replace(CATALOG[dataset], files=(published,)))
        world.portal.answers[published[1]] = file(zipped(members))
        assert world.load(dataset).result == LANDED
        assert world.rows(dataset, "sum(pmun)", "where annee = 2023") == [(68_094_280,)]


# --- Melodi ----------------------------------------------------------------------------------------------------------


def test_housing_lands_and_a_second_load_asks_for_the_catalogue_alone(world: World) -> None:
    stand_in.publish_housing(world.portal, [10.5, 20.0])
    outcome = world.load(stand_in.HOUSING)
    assert (outcome.result, outcome.rows, outcome.why) == (LANDED, 2, "")
    assert world.rows(stand_in.HOUSING, "geo, nrg_src, time_period, obs_value", "order by geo") == [
        ("00000", "ELC", 2022, 10.5),
        ("00001", "ELC", 2022, 20.0),
    ]
    assert world.load(stand_in.HOUSING).result == UNCHANGED
    assert world.portal.calls == {f"GET /catalog/{stand_in.HOUSING}": 1}
    stand_in.publish_housing(world.portal, [10.5, 21.0], "2026-06-24T09:38:10")
    assert world.load(stand_in.HOUSING).result == LANDED
    assert world.rows(stand_in.HOUSING, "sum(obs_value)") == [(31.5,)]


def test_melodi_is_not_called_more_often_than_it_grants(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert PORTALS["melodi"].calls_a_minute
    monkeypatch.setitem(PORTALS, "melodi", replace(PORTALS["melodi"], calls_a_minute=120))
    stand_in.publish_housing(world.portal, [10.5])
    assert world.load(stand_in.HOUSING).result == LANDED
    catalogue, download = world.portal.moments
    assert download - catalogue >= 0.45


def test_fewer_observations_than_announced_are_refused(world: World) -> None:
    stand_in.publish_housing(world.portal, [10.5, 20.0])
    whole = world.portal.answers[f"/catalog/{stand_in.HOUSING}"]
    stand_in.publish_housing(world.portal, [10.5])
    world.portal.answers[f"/catalog/{stand_in.HOUSING}"] = whole
    outcome = world.load(stand_in.HOUSING)
    assert outcome.result == FAILED
    assert "has 1 rows where 2 were announced" in outcome.why


def test_a_catalogue_without_the_csv_is_refused(world: World) -> None:
    world.portal.answers[f"/catalog/{stand_in.HOUSING}"] = object_of({"product": [], "numObservations": 1})
    assert "in a form that is not known" in world.load(stand_in.HOUSING).why


# --- Météo-France ----------------------------------------------------------------------------------------------------

OLD_SPAN, NEW_SPAN = "Q_69_previous-1950-2024_RR-T-Vent.csv.gz", "Q_69_latest-2025-2026_RR-T-Vent.csv.gz"
OTHER = "Q_38_latest-2025-2026_RR-T-Vent.csv.gz"
FIRST, SECOND = "2026-01-05T00:00:00+00:00", "2026-01-06T00:00:00+00:00"


def test_stations_land_by_departement_from_names_that_are_discovered(world: World) -> None:
    world.now = dt.datetime(2026, 2, 1, tzinfo=dt.UTC)
    files = {
        OLD_SPAN: (stations("69", ["20111231", "20240101"]), FIRST),
        NEW_SPAN: (stations("69", ["20250101", "20260101"]), FIRST),
        OTHER: (stations("38", ["20250101"]), FIRST),
        "Q_69_1852-1949_RR-T-Vent.csv.gz": (b"", FIRST),
        "Q_69_latest-2025-2026_autres-parametres.csv.gz": (b"", FIRST),
    }
    stand_in.publish_stations(world.portal, files)
    outcome = world.load(stand_in.STATIONS)
    assert (outcome.result, outcome.parts) == (LANDED, ("38 2025-2026", "69 1950-2024", "69 2025-2026")), outcome.why
    assert [record.path.split("/")[2] for record in world.lake.records(CATALOG[stand_in.STATIONS])] == [
        "departement=38",
        "departement=69",
    ]
    assert world.rows(stand_in.STATIONS, "num_poste, aaaammjj::varchar, tm", "order by all") == [
        ("38000001", "2025-01-01", 5.5),
        ("69000001", "2024-01-01", 5.5),
        ("69000001", "2025-01-01", 5.5),
        ("69000001", "2026-01-01", 5.5),
    ]
    assert world.load(stand_in.STATIONS).result == UNCHANGED
    assert world.portal.downloads == []
    files[NEW_SPAN] = (stations("69", ["20250101", "20260101", "20260102"], mean="6.5"), SECOND)
    stand_in.publish_stations(world.portal, files)
    outcome = world.load(stand_in.STATIONS)
    assert (outcome.result, outcome.parts) == (LANDED, ("69 2025-2026",))
    assert world.portal.downloads == [f"{stand_in.BUCKET}/{NEW_SPAN}"]
    assert world.rows(stand_in.STATIONS, "count(*), count(*) filter (tm = '6.5')") == [(5, 3)]


def test_spans_that_rotate_in_january_are_found(world: World) -> None:
    world.now = dt.datetime(2027, 2, 1, tzinfo=dt.UTC)
    stand_in.publish_stations(world.portal, {NEW_SPAN: (stations("69", ["20250101", "20260101"]), FIRST)})
    world.load(stand_in.STATIONS)
    rotated = {
        "Q_69_previous-1950-2025_RR-T-Vent.csv.gz": (stations("69", ["20240101", "20250101"]), SECOND),
        "Q_69_latest-2026-2027_RR-T-Vent.csv.gz": (stations("69", ["20260101", "20270101"]), SECOND),
    }
    stand_in.publish_stations(world.portal, rotated)
    outcome = world.load(stand_in.STATIONS)
    assert (outcome.result, outcome.parts) == (LANDED, ("69 1950-2025", "69 2026-2027"))
    assert world.rows(stand_in.STATIONS, "count(*), count(distinct aaaammjj)") == [(4, 4)]


def test_files_on_a_host_that_is_not_the_portals_are_not_asked_for(world: World) -> None:
    stand_in.publish_stations(world.portal, {NEW_SPAN: (stations("69", ["20250101"]), FIRST)})
    elsewhere = {"url": f"https://someone:abc@elsewhere.example/{NEW_SPAN}", "last_modified": FIRST}
    world.portal.answers[f"/api/1/datasets/{stand_in.STATIONS}"] = object_of({"resources": [elsewhere]})
    outcome = world.load(stand_in.STATIONS)
    assert outcome.result == FAILED
    assert "names https://elsewhere.example/" in outcome.why
    assert "abc" not in outcome.why


def test_a_truncated_gzip_is_explained(world: World) -> None:
    content = stations("69", ["20250101"])
    stand_in.publish_stations(world.portal, {NEW_SPAN: (content[:-20], FIRST), OTHER: (content, FIRST)})
    outcome = world.load(stand_in.STATIONS)
    assert (outcome.result, outcome.parts) == (FAILED, ("38 2025-2026",))
    assert "is a cut or damaged gzip file" in outcome.why


def test_names_that_are_not_known_are_explained(world: World) -> None:
    stand_in.publish_stations(world.portal, {"QUOT_69.csv.gz": (b"", FIRST)})
    assert "lists 2 files of" in world.load(stand_in.STATIONS).why


# --- public holidays -------------------------------------------------------------------------------------------------


def holidays(year: int) -> dict[str, str]:
    return {f"{year}-{month:02}-01": "Fête" for month in range(1, 13)}


def publish_holidays(world: World) -> None:
    for year in range(2010, 2035):
        world.portal.answers[f"/jours-feries/alsace-moselle/{year}.json"] = object_of(holidays(year))


def test_public_holidays_land_and_years_to_come_are_asked_for_once_a_year(world: World) -> None:
    publish_holidays(world)
    outcome = world.load(HOLIDAYS)
    assert (outcome.result, outcome.parts[0], outcome.parts[-1]) == (LANDED, "2010", "2027"), outcome.why
    assert world.rows(HOLIDAYS, "count(*), max(date)::varchar, max(annee)") == [(18 * 12, "2027-12-01", 2027)]
    assert world.load(HOLIDAYS).result == UNCHANGED
    assert not world.portal.calls
    world.now = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
    assert world.load(HOLIDAYS).parts == ("2025", "2026", "2027", "2028")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"2010-01-01": "Jour de l'an"}, "gives 1 holidays for 2010"),
        (holidays(2011), "gives the day '2011-01-01' for 2010"),
        ({"jours": []}, "in a form that is not known"),
    ],
)
def test_holidays_that_cannot_be_right_are_refused(world: World, content: object, message: str) -> None:
    publish_holidays(world)
    world.portal.answers["/jours-feries/alsace-moselle/2010.json"] = object_of(content)
    outcome = world.load(HOLIDAYS)
    assert outcome.result == FAILED
    assert message in outcome.why


# --- Enedis ----------------------------------------------------------------------------------------------------------

PUBLISHED, REPUBLISHED = "2025-02-01T06:00:00.000Z", "2025-05-01T06:00:00.000Z"
MONTHS = {"2023-12": 100, "2024-01": 200, "2024-03": 300}


def test_months_of_profiles_land_and_a_changed_one_is_fetched_alone(world: World) -> None:
    stand_in.publish_profiles(world.portal, profiles(MONTHS), PUBLISHED)
    outcome = world.load(stand_in.PROFILES)
    assert (outcome.result, outcome.parts, outcome.rows) == (LANDED, tuple(MONTHS), 12), outcome.why
    assert [record.path for record in world.lake.records(CATALOG[stand_in.PROFILES])][1:] == [
        f"enedis/{stand_in.PROFILES}/year=2024/{stand_in.PROFILES}-2024-01.parquet",
        f"enedis/{stand_in.PROFILES}/year=2024/{stand_in.PROFILES}-2024-03.parquet",
    ]
    assert world.rows(stand_in.PROFILES, "min(horodate)::varchar, sum(total_energie_soutiree_wh)") == [
        ("2023-12-01 00:00:00+00", 2400)
    ]
    assert world.load(stand_in.PROFILES).result == UNCHANGED
    assert sum(world.portal.calls.values()) == 1
    stand_in.publish_profiles(world.portal, profiles({**MONTHS, "2024-01": 250, "2024-04": 1}), REPUBLISHED)
    outcome = world.load(stand_in.PROFILES)
    assert (outcome.result, outcome.parts) == (LANDED, ("2024-01", "2024-04"))
    assert len(world.portal.downloads) == 2
    assert world.rows(stand_in.PROFILES, "sum(total_energie_soutiree_wh)") == [(2604,)]


def test_months_that_leave_the_rolling_window_stay_in_the_lake(world: World) -> None:
    stand_in.publish_profiles(world.portal, profiles(MONTHS), PUBLISHED)
    world.load(stand_in.PROFILES)
    kept = profiles({"2024-01": 200, "2024-03": 300}).slice(1)
    stand_in.publish_profiles(world.portal, kept, REPUBLISHED)
    outcome = world.load(stand_in.PROFILES)
    assert (outcome.result, outcome.parts) == (UNCHANGED, ())
    assert world.rows(stand_in.PROFILES, "count(*)") == [(12,)]


EXPORT = f"{faults.PREFIX}{stand_in.PROFILES}/exports/parquet"
ENEDIS_FAULTS: dict[str, tuple[Fault, str]] = {
    "no rows": (faults.no_rows, "has 0 rows where 4 were announced"),
    "fewer rows": (faults.fewer_rows, "has 3 rows where 4 were announced"),
    "metadata gone": (faults.status(410, {"message": "Gone"}), "HTTP 410): Gone"),
    "error inside": (faults.body(b"Streaming interrupted due to"), "sent no export"),
}


@pytest.mark.parametrize("name", ENEDIS_FAULTS)
def test_a_fault_of_enedis_is_explained_and_leaves_the_lake_alone(world: World, name: str) -> None:
    fault, message = ENEDIS_FAULTS[name]
    stand_in.publish_profiles(world.portal, profiles(MONTHS), PUBLISHED)
    world.load(stand_in.PROFILES)
    stand_in.publish_profiles(world.portal, profiles({**MONTHS, "2024-01": 250}), REPUBLISHED)
    before = tree(world.home)
    world.portal.fail(EXPORT, fault)
    outcome = world.load(stand_in.PROFILES)
    assert outcome.result == FAILED
    assert message in outcome.why
    assert tree(world.home) == before


def publish_all(world: World) -> None:
    """Publish what each of the portals of this file has, on one host."""
    publish_holidays(world)
    publish_populations(world)
    stand_in.publish_housing(world.portal, [10.5])
    answers = dict(world.portal.answers)
    stand_in.publish_stations(world.portal, {NEW_SPAN: (stations("69", ["20250101"]), FIRST)})
    world.portal.answers.update(answers)
    stand_in.publish_profiles(world.portal, profiles(MONTHS), PUBLISHED)


@pytest.mark.parametrize("dataset", [POPULATIONS, stand_in.HOUSING, stand_in.STATIONS, HOLIDAYS, stand_in.PROFILES])
def test_no_password_and_no_path_of_the_machine_reaches_lake_or_message(world: World, dataset: str) -> None:
    publish_all(world)
    world.portal.url = world.portal.url.replace("//", "//someone:hunter2@")
    outcome = world.load(dataset)
    assert outcome.result == LANDED, outcome.why
    written = [path for path in Path(world.lake.root).rglob("*") if path.is_file()]
    assert written
    for secret in (b"hunter2", b"someone", str(world.home).encode(), str(Path.home()).encode() + b"/"):
        assert not [path for path in written if secret in path.read_bytes()], secret
    world.portal.answers.clear()
    world.portal.routes.clear()
    world.now = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
    outcome = world.load(dataset)
    assert outcome.result == FAILED
    assert "hunter2" not in outcome.why
    assert str(world.home) not in outcome.why


@pytest.mark.parametrize("dataset", [POPULATIONS, stand_in.HOUSING, stand_in.STATIONS, HOLIDAYS, stand_in.PROFILES])
def test_sources_are_checked_by_the_columns_that_they_have(world: World, dataset: str) -> None:
    publish_all(world)
    settings = Settings(world.home, None, {CATALOG[dataset].portal: world.portal.url})
    (drift,) = check_sources([CATALOG[dataset]], settings, NOW.date(), limits=IMPATIENT)
    assert (drift.result, drift.findings) == (OK, ())
    world.portal.answers.clear()
    (drift,) = check_sources([CATALOG[dataset]], settings, NOW.date(), limits=IMPATIENT)
    assert drift.result == FAILED
    assert "HTTP 404" in drift.findings[0]


def test_a_column_that_is_gone_from_a_file_is_named(world: World) -> None:
    content = gzip.compress(gzip.decompress(stations("69", ["20250101"])).replace(b";TM;", b";TMOY;"))
    stand_in.publish_stations(world.portal, {NEW_SPAN: (content, FIRST)})
    settings = Settings(world.home, None, {"meteo_france": world.portal.url})
    (drift,) = check_sources([CATALOG[stand_in.STATIONS]], settings, NOW.date(), limits=IMPATIENT)
    assert drift.findings == (f"column `tm` is gone from {NEW_SPAN}",)


def test_every_dataset_has_a_portal_and_every_portal_a_setting() -> None:
    portals = {entry.portal for entry in CATALOG.values()}
    # Lists of communes and EPCI, and coming temperatures, are files that people import.
    assert portals - {"decoupage", "own"} == set(PORTALS)
    environment = {f"DATAELEC_{portal.upper()}_URL": f"http://{portal}" for portal in portals}
    assert set(Settings.from_environment(environment).portal_urls) == portals
    assert all(bool(entry.files) == (entry.portal in ("insee", "etalab")) for entry in CATALOG.values())
