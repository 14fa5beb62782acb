"""`dataelec load` of the whole catalog, every portal a stand-in."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner, Result

from command.main import main
from loaders.catalog import CATALOG, Dataset, Kind
from loaders.lake import Lake
from loaders.loading import loadable
from loaders.verification import verify
from tests.loaders import file_stand_in, portal_stand_in
from tests.loaders.file_stand_in import FileHandler, Files, file, object_of, profiles, stations, zipped
from tests.loaders.lakes import ANNUAL
from tests.loaders.portal_stand_in import FAIR_PREFIX, Published, StandIn
from tests.loaders.test_import_forms import as_csv, rows_of
from tests.loaders.test_load_files import holidays

BY_INTERFACE = ("odre", "ore", "edf", "opendatasoft", "ademe", "education")
THIS_YEAR = dt.datetime.now(dt.UTC).year


def published(entry: Dataset) -> Published:
    """Return three made-up rows, with the types that a portal's Parquet has."""
    columns = {}
    for column in entry.columns:
        texts = [row[column.name] for row in rows_of(entry)]
        match column.kind:
            case Kind.NUMBER:
                columns[column.name] = pa.array([float(text) for text in texts])
            case Kind.DATE:
                columns[column.name] = pa.array([dt.date.fromisoformat(text) for text in texts])
            case Kind.INSTANT:
                moments = [dt.datetime.fromisoformat(text).replace(tzinfo=None) for text in texts]
                columns[column.name] = pa.array(moments, pa.timestamp("ms"))
            case _:
                columns[column.name] = pa.array(texts)
    return Published(pa.table(columns), entry.time_column)


def publish_files(portal: Files) -> None:
    """Publish what the portals of files have, and Enedis."""
    file_stand_in.publish_stations(
        portal, {"Q_69_latest-2025-2026_RR-T-Vent.csv.gz": (stations("69", ["20250101"]), "x")}
    )
    file_stand_in.publish_housing(portal, [10.5, 20.0])
    file_stand_in.publish_profiles(portal, profiles({"2024-01": 200.0}), "2025-02-01T06:00:00Z")
    routes = dict(portal.routes)
    archives: dict[str, dict[str, bytes]] = {}
    for entry in CATALOG.values():
        for _, path in entry.files:
            name = "FD_LOGEMT_2022.csv" if entry.member.startswith("FD_") else entry.member.replace("\\", "")
            name = name or path.rpartition("/")[2]
            archives.setdefault(path, {})[name] = as_csv(entry).encode()
            portal.answers[path] = file(zipped(archives[path]))
        if entry.portal == "holidays":
            for year in range(2010, THIS_YEAR + 3):
                portal.answers[f"{entry.path}/{year}.json"] = object_of(holidays(year))
    sup36 = CATALOG["conso-sup36-region"]
    rows = profiles({"2024-01": 300.0}).append_column(sup36.key[-1], pa.array(["S0: Total"] * 4))
    file_stand_in.publish_profiles(portal, rows, "2025-02-01T06:00:00Z", sup36.dataset_id)
    portal.routes = {**routes, **portal.routes}
    for level in ("departement", "commune", "epci", "iris"):
        annual = CATALOG[f"consommation-electrique-par-secteur-dactivite-{level}"]
        lines = rows_of(annual)
        schema = [{"key": name, "type": "number"} for name in annual.names]
        native = f"{FAIR_PREFIX}{annual.dataset_id}"
        portal.answers[native] = object_of({"count": len(lines), "dataUpdatedAt": "2025-02-01", "schema": schema})
        portal.answers[f"{native}/lines"] = object_of({"total": len(lines), "results": lines})


@pytest.fixture
def portals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[StandIn, Files]]:
    interfaces = StandIn()
    with (
        portal_stand_in.running(interfaces),
        portal_stand_in.running(Files(), FileHandler) as files,
    ):
        for entry in CATALOG.values():
            url = interfaces.url if entry.portal in BY_INTERFACE else files.url
            monkeypatch.setenv(f"DATAELEC_{entry.portal.upper()}_URL", url)
            if entry.portal in BY_INTERFACE:
                interfaces.datasets[entry.dataset_id] = published(entry)
        publish_files(files)
        monkeypatch.setenv("DATAELEC_LAKE", str(tmp_path / "lake"))
        yield interfaces, files


def load(*datasets: str) -> Result:
    return CliRunner().invoke(main, ["load", *datasets])


@pytest.mark.slow
def test_the_whole_catalog_lands_and_a_second_load_downloads_nothing(
    portals: tuple[StandIn, Files], tmp_path: Path
) -> None:
    interfaces, files = portals
    first = load()
    assert first.exit_code == 0, first.output + first.stderr
    assert f"{len(loadable())} landed, 0 unchanged, 0 failed" in first.output
    lake = Lake(str(tmp_path / "lake"))
    assert all(lake.records(entry) for entry in loadable())
    assert verify(lake).is_sound
    interfaces.forget_calls()
    files.calls.clear()
    second = load()
    assert second.exit_code == 0
    assert f"0 landed, {len(loadable())} unchanged, 0 failed" in second.output
    assert set(interfaces.calls) == {"metadata"}
    assert files.downloads == []


def test_a_source_that_fails_stops_no_other(portals: tuple[StandIn, Files]) -> None:
    interfaces, files = portals
    del interfaces.datasets["fr-en-calendrier-scolaire"]
    del files.answers[f"/catalog/{file_stand_in.HOUSING}"]
    result = load("fr-en-calendrier-scolaire", file_stand_in.HOUSING, file_stand_in.STATIONS, ANNUAL)
    assert result.exit_code == 1
    assert "2 landed, 0 unchanged, 2 failed" in result.output
    assert "Error: fr-en-calendrier-scolaire: data.education.gouv.fr has no dataset" in result.stderr
    assert f"Error: {file_stand_in.HOUSING}: Melodi has no dataset" in result.stderr
