"""Stand-ins for the portals that keep files, and for Enedis, on 127.0.0.1; they count calls and go wrong when told to.

Where the shape of each answer is known from:
- INSEE, `ensemble.zip` with `donnees_communes.csv` and others, `;`: the files are real, their names and numbers from
  other people's code; `RP2022_logemt.zip` with `FD_LOGEMT_2022.csv`: other people's code; headers of a file: memory
- Melodi, `/catalog/{id}` (`product`, `format`, `language`, `modified`, `numObservations`, `ordreComposants`): answers
  of the portal recorded in the tests of INSEE's own R package; `/file/{id}/{product}` with `…_data.csv` and
  `…_metadata.csv`: that package and other people's code
- data.gouv.fr, `resources` with `title`, `url`, `last_modified`, the names of files, columns of the CSV: other people's
  code and tests
- calendrier.api.gouv.fr, one object of days and names a year: other people's code; 11 or 13 a year: real files
- Enedis, metadata, `lines` with `size=0`, `metric_agg`, `exports/parquet` with `where`, 200 without rows for a month
  that is not published, 410 for the layer's metadata: other people's code; `sort`: memory
"""

import datetime as dt
import gzip
import io
import json
import re
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyarrow as pa
import pyarrow.compute as pc

from tests.loaders.portal_stand_in import FAIR_PREFIX, PREFIX, Answer, Fault, Handler, parquet

Route = Callable[[dict[str, str]], Answer]


class Files:
    """A portal that answers by path; `routes` compute their answer from what was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.routes: dict[str, Route] = {}
        self.calls: Counter[str] = Counter()
        """`HEAD` and `GET` with the path."""
        self.moments: list[float] = []
        """When each call came, in seconds."""
        self.faults: dict[str, list[Fault]] = {}
        self.url = ""
        self.lock = threading.Lock()

    def fail(self, path: str, fault: Fault, times: int = 1) -> None:
        """Make the next calls of a path go wrong."""
        self.faults.setdefault(path, []).extend([fault] * times)

    @property
    def downloads(self) -> list[str]:
        """The paths that were sent, metadata aside."""
        return sorted(call.removeprefix("GET ") for call in self.calls.elements() if self.is_download(call))

    def is_download(self, call: str) -> bool:
        return call.startswith("GET ") and not re.search(r"/catalog/DS_|/api/1/datasets/|/data-fair/", call)


class FileHandler(BaseHTTPRequestHandler):
    """Answers one connection."""

    protocol_version = "HTTP/1.1"
    portal: Files
    send = Handler.send

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        with self.portal.lock:
            self.portal.calls[f"{self.command} {parts.path}"] += 1
            self.portal.moments.append(time.monotonic())
            faults = self.portal.faults.get(parts.path, [])
            fault = faults.pop(0) if faults else None
        if parts.path in self.portal.routes:
            answer = self.portal.routes[parts.path](asked)
        else:
            answer = self.portal.answers.get(parts.path, Answer(b"<html>Page introuvable</html>", 404, "text/html"))
        (fault or Handler.send)(self, answer)  # type: ignore[arg-type]

    def do_HEAD(self) -> None:
        parts = urlsplit(self.path)
        answer = self.portal.answers.get(parts.path, Answer(b"", 404))
        with self.portal.lock:
            self.portal.calls[f"HEAD {parts.path}"] += 1
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return a zip's bytes."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return sink.getvalue()


def file(content: bytes, modified: str = "Mon, 18 Dec 2023 08:00:00 GMT") -> Answer:
    """Return a file's answer."""
    return Answer(content, content_type="application/octet-stream", headers={"Last-Modified": modified})


def object_of(content: object) -> Answer:
    """Return a JSON answer."""
    return Answer(json.dumps(content).encode())


# --- Melodi ----------------------------------------------------------------------------------------------------------

HOUSING = "DS_RP_LOGEMENT_PRINC"
HOUSING_COLUMNS = (
    *("GEO", "GEO_OBJECT", "TIME_PERIOD", "RP_MEASURE", "OCS", "L_STAY", "TDW", "NRG_SRC", "CARPARK", "NOR", "TSH"),
    *("CARS", "BUILD_END", "OBS_STATUS", "OBS_VALUE"),
)


def publish_housing(portal: Files, values: list[float], modified: str = "2025-06-24T09:38:10") -> None:
    """Publish electrically heated dwellings, one commune each."""
    lines = [";".join(f'"{name}"' for name in HOUSING_COLUMNS)]
    for number, value in enumerate(values):
        dimensions = ("2022", "DWELLINGS", "DW_MAIN", "_T", "_T", "ELC", "_T", "_T", "_T", "_T", "_T", "A")
        lines.append(";".join(f'"{text}"' for text in (f"{number:05}", "COM", *dimensions, value)))
    product = {"id": f"{HOUSING}_CSV_FR", "format": "CSV", "language": "FR", "modified": modified, "byteSize": 1}
    portal.answers[f"/catalog/{HOUSING}"] = object_of(
        {
            "identifier": HOUSING,
            "modified": modified,
            "numObservations": len(values),
            "ordreComposants": list(HOUSING_COLUMNS),
            "product": [product, {**product, "format": "XLSX"}],
        }
    )
    members = {f"{HOUSING}_data.csv": "\n".join(lines).encode(), f"{HOUSING}_metadata.csv": b"COD_VAR;LIB_VAR\n"}
    portal.answers[f"/file/{HOUSING}/{HOUSING}_CSV_FR"] = file(zipped(members))


# --- data.gouv.fr ----------------------------------------------------------------------------------------------------

STATIONS = "donnees-climatologiques-de-base-quotidiennes"
BUCKET = "/meteofrance/data/synchro_ftp/BASE/QUOT"


def stations(territory: str, days: list[str], mean: str = "5.5") -> bytes:
    """Return a département's gzipped CSV: one station, these days, and one that measures rain alone."""
    number = f"{territory:0<5}001"
    lines = ["NUM_POSTE;NOM_USUEL;LAT;LON;ALTI;AAAAMMJJ;RR;QRR;TN;QTN;TX;QTX;TM;QTM"]
    lines += [f"{number};BRON;45.7;4.9;198;{day};0.2;1;1.5;1;9.5;1;{mean};1" for day in days]
    lines += [f"{territory:0<5}002;PLUIE;45.8;4.8;200;{day};0.2;1;;;;;;" for day in days]
    return gzip.compress("\n".join(lines).encode())


def publish_stations(portal: Files, files: dict[str, tuple[bytes, str]]) -> None:
    """Publish files by name, with the day each changed."""
    portal.answers = {f"{BUCKET}/{name}": file(content) for name, (content, _) in files.items()}
    resources = [
        {"title": name.removesuffix(".csv.gz"), "url": f"{portal.url}{BUCKET}/{name}", "last_modified": modified}
        for name, (_, modified) in files.items()
    ]
    resources.append(
        {"title": "fiche", "url": f"{portal.url}{BUCKET}/Q_descriptif_champs_RR-T-Vent.csv", "last_modified": "x"}
    )
    portal.answers[f"/api/1/datasets/{STATIONS}"] = object_of({"slug": STATIONS, "resources": resources})


# --- Enedis ----------------------------------------------------------------------------------------------------------

PROFILES = "conso-inf36-region"


def profiles(months: Mapping[str, float], step: int = 12) -> pa.Table:
    """Return half-hours of one profile: some hours of each month, this many Wh each."""
    moments, energies = [], []
    for month, energy in months.items():
        year, number = map(int, month.split("-"))
        for hour in range(0, 48, step):
            moments.append(dt.datetime(year, number, 1) + dt.timedelta(hours=hour))
            energies.append(energy)
    rows = len(moments)
    return pa.table(
        {
            "horodate": pa.array(moments, pa.timestamp("ms")),
            "region": ["Bretagne"] * rows,
            "code_region": ["53"] * rows,
            "profil": ["RES1 (+ RES1WE)"] * rows,
            "plage_de_puissance_souscrite": ["P0: Total <= 36 kVA"] * rows,
            "nb_points_soutirage": [1000] * rows,
            "total_energie_soutiree_wh": energies,
        }
    )


def publish_profiles(portal: Files, rows: pa.Table, modified: str, dataset: str = PROFILES) -> None:
    """Publish half-hours: metadata and counts by Data Fair, exports by the layer that imitates Explore."""
    native, layer = f"{FAIR_PREFIX}{dataset}", f"{PREFIX}{dataset}"
    numbers = ("nb_points_soutirage", "total_energie_soutiree_wh")
    schema = [{"key": name, "type": "number" if name in numbers else "string"} for name in (*rows.column_names, "_id")]
    portal.answers[native] = object_of({"count": rows.num_rows, "dataUpdatedAt": modified, "schema": schema})
    portal.answers[layer] = Answer(b'{"message": "Gone"}', 410)

    def lines(asked: dict[str, str]) -> Answer:
        if asked["size"] == "0":
            return object_of({"total": _between(rows, asked["qs"]).num_rows, "results": []})
        order = "descending" if asked["sort"].startswith("-") else "ascending"
        first = rows.sort_by([("horodate", order)])["horodate"][0].as_py()
        return object_of({"total": rows.num_rows, "results": [{"horodate": f"{first.isoformat()}.000Z"}]})

    def metric(asked: dict[str, str]) -> Answer:
        assert asked["metric"] == "sum"
        return object_of({"metric": pc.sum(_between(rows, asked["qs"])[asked["field"]]).as_py()})

    portal.routes = {
        f"{native}/lines": lines,
        f"{native}/metric_agg": metric,
        f"{layer}/exports/parquet": lambda asked: Answer(parquet(_between(rows, asked["where"]))),
    }


def _between(rows: pa.Table, query: str) -> pa.Table:
    first, last = (dt.datetime.fromisoformat(day) for day in re.findall(r"\d{4}-\d{2}-\d{2}", query))
    time = rows["horodate"].cast(pa.timestamp("us"))
    return rows.filter(pc.and_(pc.greater_equal(time, first), pc.less(time, last)))
