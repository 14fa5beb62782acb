"""Published files: what they say, that they hold what the marts hold, and that people can always read an edition."""

import csv
import gzip
import hashlib
import json
import re
import shutil
import subprocess
import sys
import uuid
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import duckdb
import frictionless
import pandas as pd
import pytest

from dataelec.errors import DataElecError
from dataelec.warehouse import Warehouse
from loaders.catalog import CATALOG
from loaders.lake import Lake
from loaders.storage import Storage
from publish.description import Edition, Source
from publish.edition import SPREADSHEET_ROWS, publish
from publish.tables import SCHEMAS, PublishedColumn, read_tables
from research.project import PROJECT, Finished, run

SOURCE = Source(
    "dataset", "Producer, title", "Licence", None, None, None, None, "2024-01-01T00:00:00Z", 1, "real_files"
)
NATIVE = {"string": "VARCHAR", "number": "DOUBLE", "integer": "BIGINT", "datetime": "TIMESTAMPTZ"}


def publish_to(folder: Path, database: Path) -> Finished:
    return run(
        *("dataelec", "publish", "--target", "sample"),
        env={"DATAELEC_PUBLISH": str(folder), "DATAELEC_DATABASE": str(database)},
    )


@pytest.fixture(scope="module")
def published(sample_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published") / "files"
    done = publish_to(folder, sample_warehouse)
    assert done.returncode == 0, done.stderr
    assert "SIMULATED" in done.stdout
    return folder


def package_of(folder: Path) -> dict[str, Any]:
    package: dict[str, Any] = json.loads((folder / "datapackage.json").read_text("utf-8"))
    return package


def resources(folder: Path, form: str) -> dict[str, dict[str, Any]]:
    """Resources of marts in one format, by the mart's name."""
    return {
        resource["name"].removesuffix(".parquet"): resource
        for resource in package_of(folder)["resources"]
        if resource["format"] == form and resource["name"] != "data_dictionary"
    }


def test_every_mart_is_there_with_every_column_described(published: Path, sample: duckdb.DuckDBPyConnection) -> None:
    built: dict[str, list[str]] = {}
    for schema, table, column in sample.execute(
        "select table_schema, table_name, column_name from information_schema.columns order by all"
    ).fetchall():
        if schema in SCHEMAS:
            built.setdefault(f"{schema}.{table}", []).append(column)
    is_long = {
        name: sample.execute(f"select count(*) > {SPREADSHEET_ROWS} from {name}").fetchall()[0][0] for name in built
    }
    assert 0 < sum(is_long.values()) < 5
    for form in ("csv", "parquet"):
        found = resources(published, form)
        assert found.keys() == {name for name in built if form == "parquet" or not is_long[name]}
        for name, resource in found.items():
            fields = resource["schema"]["fields"]
            assert sorted(field["name"] for field in fields) == built[name]
            assert [field["name"] for field in fields if not field["description"]] == [], name
            assert resource["description"].startswith("SIMULATED DATA"), name
            assert len(resource["description"]) > 60, name
    with (published / package_of(published)["resources"][0]["path"]).open(encoding="utf-8") as stream:
        lines = list(csv.DictReader(stream))
    assert len(lines) == sum(map(len, built.values()))
    slope = next(line for line in lines if line["column_name"] == "heating_slope_mw_per_c")
    assert slope["unit"] == "MW/°C"
    assert "gradient" in slope["description"]


def test_the_description_names_licence_producers_and_vintage(published: Path, sample_lake: Path) -> None:
    package = package_of(published)
    assert package["simulated"] is True
    assert package["title"].startswith("SIMULATED DATA")
    assert [(licence["title"], "path" in licence) for licence in package["licenses"]] == [
        ("Licence Ouverte / Open Licence (Etalab)", True),
        ("licence du fichier importé", False),
    ]
    load = next(s for s in package["sources"] if s["dataset"] == "consommation-quotidienne-brute-regionale")
    assert load["title"].startswith("Données simulées, dans la forme de : RTE, NaTran et Teréga sur ODRÉ")
    assert load["title"].endswith("généré le 31/01/2024")
    assert (load["firstDay"], load["lastDay"]) == ("2019-01-01", "2023-12-31")
    assert load["vintage"] == load["landed"] == "2024-01-31T00:00:00Z"
    assert load["readingProvedOn"] == "real_files"
    lake = Lake(str(sample_lake))
    held = {dataset.dataset_id: sum(record.rows for record in lake.records(dataset)) for dataset in CATALOG.values()}
    assert {source["dataset"]: source["rows"] for source in package["sources"]} == {k: n for k, n in held.items() if n}


def test_another_tool_finds_the_description_and_the_files_valid(published: Path) -> None:
    assert frictionless.Package.metadata_validate(package_of(published)) is not None
    errors = list(frictionless.Package.metadata_validate(package_of(published)))
    assert errors == []
    small = [r["name"] for r in resources(published, "csv").values() if r["bytes"] < 250_000]
    assert "analysis.weather_sensitivity" in small
    package = frictionless.Package.from_descriptor(str(published / "datapackage.json"))
    for name in [*small, "data_dictionary"]:
        report = package.get_resource(name).validate()
        assert report.valid, (name, report.flatten(["rowNumber", "fieldName", "note"])[:3])


def test_hashes_and_sizes_are_those_of_the_files(published: Path) -> None:
    for resource in package_of(published)["resources"]:
        content = (published / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"


def test_an_edition_is_small_and_its_files_have_addresses_that_stay(published: Path) -> None:
    package = package_of(published)
    assert sum(resource["bytes"] for resource in package["resources"]) < 120e6
    latest = json.loads((published / "latest" / "datapackage.json").read_text("utf-8"))
    assert latest["version"] == package["version"]
    for own, whole in zip(latest["resources"], package["resources"], strict=True):
        assert (published / "latest" / own["path"]).samefile(published / whole["path"])


def test_worked_answers_are_a_spreadsheet(published: Path) -> None:
    with zipfile.ZipFile(published / "latest" / "answers.xlsx") as book:
        texts = re.findall(r"<t[^>]*>([^<]*)</t>", book.read("xl/sharedStrings.xml").decode())
        sheets = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
    names = [path.stem for path in sorted((PROJECT / "analyses").glob("*.sql"))]
    assert sheets == ["questions", *(name[:31] for name in names), "sources"]
    # Each sheet says of itself that it is simulated, and whom to cite.
    assert len([text for text in texts if text.startswith("SIMULATED DATA")]) == len(sheets)
    assert any("Licence Ouverte" in text and "Weathernews" in text for text in texts)
    assert "How many MW does each °C colder add, region by region, and how sure is that?" in texts
    assert "Auvergne-Rhône-Alpes" in texts


def contents(warehouse: duckdb.DuckDBPyConnection, relation: str) -> tuple[int, int]:
    """How many rows a relation has, and a sum over their hashes: equal for equal rows in any order."""
    found = warehouse.execute(f"select count(*), sum(hash(r)::hugeint) from ({relation}) as r").fetchone()
    assert found is not None
    return found[0], found[1]


def test_duckdb_reads_back_what_the_marts_hold(published: Path, sample: duckdb.DuckDBPyConnection) -> None:
    sample.execute("set TimeZone = 'UTC'")
    for name, resource in resources(published, "parquet").items():
        file = f"from read_parquet('{published / resource['path']}')"
        described = [sample.execute(f"describe {relation}").fetchall() for relation in (f"from {name}", file)]
        assert [row[:2] for row in described[0]] == [row[:2] for row in described[1]], name
        assert contents(sample, file) == contents(sample, f"from {name}"), name
    for name, resource in resources(published, "csv").items():
        types = {row[0]: row[1] for row in sample.execute(f"describe from {name}").fetchall()}
        # A CSV file cannot tell an empty text from a missing one.
        values = ", ".join(f"nullif({c}, '') as {c}" if kind == "VARCHAR" else c for c, kind in types.items())
        file = f"read_csv('{published / resource['path']}', header = true, columns = {types})"
        assert contents(sample, f"select {values} from {file}") == contents(sample, f"select {values} from {name}"), (
            name
        )


def test_pandas_reads_back_what_the_marts_hold(published: Path, sample: duckdb.DuckDBPyConnection) -> None:
    kinds = {"string": "string", "number": "float64", "integer": "Int64", "boolean": "boolean"}
    for name, resource in resources(published, "csv").items():
        if resource["bytes"] > 1_000_000:
            continue
        expected = sample.execute(f"select * from {name} order by all").df()
        fields = resource["schema"]["fields"]
        moments = [field["name"] for field in fields if field["type"] in ("date", "datetime")]
        types = {field["name"]: kinds[field["type"]] for field in fields if field["name"] not in moments}
        parquet = pd.read_parquet(published / resource["path"].replace(".csv.gz", ".parquet"))
        plain = pd.read_csv(published / resource["path"], dtype=types, parse_dates=moments)
        assert len(parquet) == len(plain) == len(expected)
        for field in fields:
            column = field["name"]
            for found in (parquet[column], plain[column]):
                assert_same(found, expected[column], field["type"])


def assert_same(found: pd.Series, expected: pd.Series, kind: str) -> None:
    if kind in ("date", "datetime"):
        found, expected = (pd.to_datetime(each, utc=True).dt.as_unit("us") for each in (found, expected))
    elif kind == "string":
        found, expected = (each.astype("string").fillna("") for each in (found, expected))
    elif kind == "boolean":
        found, expected = (each.astype("boolean") for each in (found, expected))
    else:
        found, expected = (each.astype("float64") for each in (found, expected))
    pd.testing.assert_series_equal(
        found.reset_index(drop=True), expected.reset_index(drop=True), check_names=False, rtol=0, atol=0
    )


def test_codes_keep_their_zeros(published: Path) -> None:
    path = published / resources(published, "csv")["core.dim_regions"]["path"]
    assert gzip.decompress(path.read_bytes()).decode().splitlines()[1].startswith('"01","Guadeloupe"')
    parquet = pd.read_parquet(path.with_name("dim_regions.parquet"))
    assert "01" in set(parquet["region_code"])


CSV_IMPORT = "CSV:44,34,76,1,,1033,true,true"  # comma, ", UTF-8, from line 1, English (USA), quoted field as text
SPREADSHEET_VALUES = {"float": "value", "date": "date-value", "boolean": "boolean-value"}


@pytest.mark.slow
def test_libreoffice_reads_back_what_the_marts_hold(
    published: Path, sample: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    office = shutil.which("soffice")
    if not office:
        pytest.skip("no LibreOffice here: apt-get install libreoffice-calc")
    names = ("core.dim_regions", "core.dim_departements", "analysis.weather_sensitivity", "analysis.data_quality")
    for name in names:
        resource = resources(published, "csv")[name]
        plain = tmp_path / f"{name.split('.')[1]}.csv"
        plain.write_bytes(gzip.decompress((published / resource["path"]).read_bytes()))
        subprocess.run(
            [
                *(office, "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"),
                *(f"--infilter={CSV_IMPORT}", "--convert-to", "fods", "--outdir", str(tmp_path)),
                str(plain),
            ],
            check=True,
            capture_output=True,
            timeout=180,
        )
        header, *rows = sheet(tmp_path / f"{name.split('.')[1]}.fods")
        kinds = [field["type"] for field in resource["schema"]["fields"]]
        assert header == [field["name"] for field in resource["schema"]["fields"]]
        expected = sample.execute(f"select * from {name} order by all").fetchall()
        assert len(rows) == len(expected) > 10
        for found, wanted in zip(rows, expected, strict=True):
            for column, cell, value, kind in zip(header, found, wanted, kinds, strict=True):
                assert cell == spreadsheet_value(value, kind), (name, column, wanted)


def spreadsheet_value(value: Any, kind: str) -> Any:
    """What a cell holds when nothing was lost: text as text, numbers to the 15 digits that a sheet keeps."""
    if value is None or value == "":
        return None
    if kind in ("number", "integer"):
        return pytest.approx(float(value), rel=1e-14)
    if kind == "boolean":
        return str(value).lower()
    return str(value)


def sheet(file: Path) -> list[list[Any]]:
    """The cells of a flat OpenDocument spreadsheet, row by row."""
    space = {"office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0"}
    space["table"] = "urn:oasis:names:tc:opendocument:xmlns:table:1.0"
    rows: list[list[Any]] = []
    for row in ElementTree.parse(file).getroot().iter(f"{{{space['table']}}}table-row"):
        cells: list[Any] = []
        for cell in row.findall("table:table-cell", space):
            kind = cell.get(f"{{{space['office']}}}value-type")
            repeated = int(cell.get(f"{{{space['table']}}}number-columns-repeated", "1"))
            cells += [cell_value(cell, kind, space["office"])] * min(repeated, 100)
        rows.append(cells)
    width = len(rows[0])
    return [(row + [None] * width)[:width] for row in rows if any(cell is not None for cell in row)]


def cell_value(cell: ElementTree.Element, kind: str | None, office: str) -> Any:
    if kind is None:
        return None
    if kind not in SPREADSHEET_VALUES:
        return "".join(cell.itertext()).strip("\n ")
    value = cell.get(f"{{{office}}}{SPREADSHEET_VALUES[kind]}")
    return float(value or "nan") if kind == "float" else value


def test_ready_made_queries_run(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    guide = (published / "README.md").read_text("utf-8")
    assert "SIMULATED DATA" in guide
    assert "généré le 31/01/2024" in guide
    queries = dict(re.findall(r"```(\w+)\n(.*?)```", guide, flags=re.DOTALL))
    assert queries.keys() == {"sql", "python", "r"}
    monkeypatch.chdir(published)
    slopes = duckdb.execute(queries["sql"]).fetchall()
    assert len(slopes) == 15
    assert [slopes[0][0], slopes[1][0]] == ["France (13 régions)", "France (12 régions)"]
    names: dict[str, Any] = {}
    exec(queries["python"], names)
    assert set(names["sensitivity"]["territory_code"]) >= {"FR", "11", "94"}
    if shutil.which("Rscript"):
        script = (
            queries["r"] + 'stopifnot(is.character(sensitivity$territory_code), "94" %in% sensitivity$territory_code)'
        )
        done = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr


def test_links_of_the_guides_lead_to_files_and_both_say_how_large(published: Path) -> None:
    found = []
    for name in ("README.md", "README.fr.md"):
        text = (published / name).read_text("utf-8")
        local = [link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link]
        assert [link for link in local if not (published / link).is_file()] == []
        found.append(re.findall(r"\]\((latest/[^)]+)\) ([\d.,]+) ([kM])[Bo]", text))
    english, french = found
    assert len(english) > 100
    assert french == [(link, size.replace(".", ","), unit) for link, size, unit in english]


@pytest.mark.slow
def test_the_same_rows_are_not_published_twice(published: Path, sample_warehouse: Path) -> None:
    before = package_of(published)
    again = publish_to(published, sample_warehouse)
    assert again.returncode == 0, again.stderr
    assert "Unchanged" in again.stdout
    assert package_of(published) == before
    assert len(list((published / "editions").iterdir())) == 1


def test_a_database_that_is_being_written_leaves_the_edition(
    published: Path, sample_warehouse: Path, tmp_path: Path
) -> None:
    database = Path(shutil.copyfile(sample_warehouse, tmp_path / "written.duckdb"))
    before = package_of(published)
    writer = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", writer, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as build:
        assert build.stdout
        assert build.stdin
        assert build.stdout.readline() == "held\n"
        refused = publish_to(published, database)
        build.stdin.close()
    assert refused.returncode == 1
    assert "is being written" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert package_of(published) == before


@pytest.mark.parametrize(
    ("is_built", "message"), [(True, "does not say what it was built from"), (False, "`dataelec build` makes")]
)
def test_a_database_that_names_no_source_is_refused(
    small: Callable[[str], Path], tmp_path: Path, is_built: bool, message: str
) -> None:
    refused = publish_to(tmp_path / "files", small("01") if is_built else tmp_path / "none.duckdb")
    assert refused.returncode == 1
    assert message in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "files").exists()


@pytest.fixture
def small(tmp_path: Path) -> Callable[[str], Path]:
    """Makes a database with one mart of one row."""

    def make(code: str) -> Path:
        database = tmp_path / f"{uuid.uuid4().hex}.duckdb"
        with duckdb.connect(str(database)) as connection:
            connection.execute("create schema core")
            connection.execute(
                "create table core.dim_things as select $code as thing_code, 0.5 as load_mw", {"code": code}
            )
            connection.execute("alter table core.dim_things alter load_mw type double")
            connection.execute("comment on table core.dim_things is 'Things.'")
        return database

    return make


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(tmp_path / "files") if request.param == "folder" else f"memory://bucket-{uuid.uuid4()}/prefix"


def edition(name: str, *, is_simulated: bool = False) -> Edition:
    return Edition(name, f"{name}-created", is_simulated, (SOURCE,))


def publish_small(root: str, database: Path, named: Edition) -> bool:
    with Warehouse(database) as warehouse:
        return publish(root, warehouse, read_tables(warehouse), named)[1]


def read_small(root: str, folder: str = "") -> tuple[str, str]:
    """The edition that counts, and its row as a reader finds it."""
    storage = Storage(root)
    package = json.loads(storage.read(f"{folder}datapackage.json"))
    path = next(r["path"] for r in package["resources"] if r["name"] == "core.dim_things")
    return package["version"], gzip.decompress(storage.read(folder + path)).decode().splitlines()[1]


def test_editions_follow_each_other(place: str, small: Callable[[str], Path]) -> None:
    for number, code in enumerate(("01", "02", "03")):
        assert publish_small(place, small(code), edition(f"e{number}"))
        assert read_small(place) == read_small(place, "latest/") == (f"e{number}", f'"{code}",0.5')
    # The edition before stays for those who are reading it; older ones go.
    assert {path.split("/")[1] for path in Storage(place).files() if path.startswith("editions")} == {"e1", "e2"}
    assert not publish_small(place, small("03"), edition("e3"))
    assert read_small(place) == ("e2", '"03",0.5')


def test_wherever_publishing_fails_the_last_edition_stays(
    place: str, small: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    publish_small(place, small("01"), edition("e0"))
    database = small("02")
    for method, times in (("put", 3), ("write", 2)):
        for allowed in range(times):
            with monkeypatch.context() as broken:
                broken.setattr(Storage, method, failing_after(allowed, getattr(Storage, method)))
                with pytest.raises(OSError, match="no space"):
                    publish_small(place, database, edition(f"broken-{method}-{allowed}"))
            assert read_small(place) == read_small(place, "latest/") == ("e0", '"01",0.5')
    assert publish_small(place, database, edition("e1"))
    assert read_small(place) == ("e1", '"02",0.5')
    assert {path.split("/")[1] for path in Storage(place).files() if path.startswith("editions")} == {"e0", "e1"}


def test_what_a_publication_that_was_killed_at_its_end_left_is_mended_by_the_next(
    place: str, small: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, code in enumerate(("01", "02")):
        publish_small(place, small(code), edition(f"e{number}"))
    database, storage = small("03"), Storage(place)
    with monkeypatch.context() as broken:
        broken.setattr(Storage, "point", failing_after(0, Storage.point))
        with pytest.raises(OSError, match="no space"):
            publish_small(place, database, edition("e2"))
    assert read_small(place) == ("e2", '"03",0.5')
    assert read_small(place, "latest/") == ("e1", '"02",0.5')
    assert b"editions/e2" not in storage.read("README.md")
    assert not publish_small(place, database, edition("e3"))
    assert read_small(place, "latest/") == ("e2", '"03",0.5')
    assert b"editions/e2" in storage.read("README.md")
    assert {path.split("/")[1] for path in storage.files("editions")} == {"e1", "e2"}


def failing_after(allowed: int, method: Callable[..., None]) -> Callable[..., None]:
    calls = iter(range(allowed))

    def call(*arguments: object) -> None:
        if next(calls, None) is None:
            raise OSError("no space left")
        method(*arguments)

    return call


def test_real_and_simulated_are_never_published_in_one_place(place: str, small: Callable[[str], Path]) -> None:
    publish_small(place, small("01"), edition("e0", is_simulated=True))
    with pytest.raises(DataElecError, match="holds simulated data; real data must not"):
        publish_small(place, small("01"), edition("e1"))
    assert read_small(place)[0] == "e0"


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("heating_slope_mw_per_c_ci95_low", "MW/°C"),
        ("cooling_slope_pct_of_mean_load_per_c", "% of mean load/°C"),
        ("heating_slope_share_change_pct_per_c_se", "%/°C"),
        ("heating_slope_w_per_c_per_inhabitant", "W/°C/inhabitant"),
        ("energy_share_of_country", "share (0..1) of country"),
        ("temperature_smoothed_c", "°C"),
        ("energy_mwh", "MWh"),
        ("coverage_share", "share (0..1)"),
        ("load_peak_at_utc", None),
        ("affected_count", None),
        ("bin_code", None),
    ],
)
def test_units_are_read_from_names(name: str, unit: str | None) -> None:
    assert PublishedColumn(name, "DOUBLE", "").unit == unit
