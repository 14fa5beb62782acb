"""A stand-in for portals on 127.0.0.1: counts calls, and goes wrong when told to.

Opendatasoft (Explore v2.1); where the shape of each answer is known from:
- metadata (`fields`, `metas.default.modified`, `metas.default.records_count`): other people's working code
- records with `total_count`, `order_by`, `limit`: other people's working code; `count(*)` and `sum` in `select`: the
  publisher's documentation and other people's code
- export as Parquet: a real file (snappy, code as bigint); naive UTC timestamps: other people's working code
- quota body (`errorcode`, `reset_time`, `call_limit`, `limit_time_unit`): other people's working code and memory
- error text inside a 200 body ("Streaming interrupted…"): other people's working code
- 404 and 400 bodies (`error_code`, `message`): memory

Data Fair:
- metadata (`dataUpdatedAt`, `schema`, `count`) and lines (`results`, `total`, `next`): other people's working code
- `raw`, the publisher's CSV with labels, byte order mark and `;`: a real file and other people's code
- `schema` entries (`key`, `type`), underscored columns beside the published ones: memory
"""

import csv
import datetime as dt
import io
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

PREFIX = "/api/explore/v2.1/catalog/datasets/"
FAIR_PREFIX = "/data-fair/api/v1/datasets/"
FAIR_PAGE = 2
"""Lines on a page, however many are asked for."""
BETWEEN = re.compile(r"(\w+) >= date'([\d-]+)' and \1 < date'([\d-]+)'")
AGGREGATES = re.compile(r"count\(\*\) as rows((?:, sum\(\w+\) as sum_\d+)*)")

Fault = Callable[["Handler", "Answer"], None]


@dataclass
class Answer:
    """What the portal would say if nothing went wrong."""

    body: bytes
    status: int = 200
    content_type: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Published:
    """One dataset on the portal; `time` is the column that dates a row."""

    rows: pa.Table
    time: str
    modified: str = "2025-02-01T06:00:00+00:00"
    types: dict[str, str] = field(default_factory=dict)
    """Field types other than those that follow from the table."""
    labels: list[str] = field(default_factory=list)
    """The header of the publisher's own file, where it differs from the fields."""


class StandIn:
    """The portal: its datasets, the calls it got and the faults still to come, by kind of call."""

    def __init__(self) -> None:
        self.datasets: dict[str, Published] = {}
        self.calls: Counter[str] = Counter()
        self.exported: list[str] = []
        """Dataset and first day, or file, of each export asked for."""
        self.exported_lines: list[str] = []
        """Addresses of the pages of lines asked for."""
        self.headers: list[dict[str, str]] = []
        self.faults: dict[str, list[Fault]] = {"metadata": [], "records": [], "export": [], "lines": [], "raw": []}
        self.url = ""
        self.lock = threading.Lock()

    def fail(self, kind: str, fault: Fault, times: int = 1) -> None:
        """Make the next calls of a kind go wrong."""
        self.faults[kind] += [fault] * times

    def forget_calls(self) -> None:
        self.calls.clear()
        self.exported.clear()

    def publish(self, dataset: str, rows: pa.Table, modified: str) -> None:
        """Replace a dataset's rows."""
        self.datasets[dataset].rows = rows
        self.datasets[dataset].modified = modified


class Handler(BaseHTTPRequestHandler):
    """Answers one connection; `send` is how an answer goes out when nothing goes wrong."""

    protocol_version = "HTTP/1.1"
    portal: StandIn

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        is_fair = parts.path.startswith(FAIR_PREFIX)
        dataset, _, action = parts.path.removeprefix(FAIR_PREFIX if is_fair else PREFIX).partition("/")
        kind = {"": "metadata", "exports/parquet": "export"}.get(action, action)
        with self.portal.lock:
            self.portal.calls[kind] += 1
            self.portal.headers.append(dict(self.headers))
            if kind == "export":
                year = BETWEEN.search(asked.get("where", ""))
                self.portal.exported.append(f"{dataset} {year[2] if year else 'all'}")
            fault = self.portal.faults[kind].pop(0) if self.portal.faults[kind] else None
        published = self.portal.datasets.get(dataset)
        answer = (
            Answer(b'{"error_code": "NotFound", "message": "The requested dataset does not exist"}', status=404)
            if published is None
            else getattr(self, "fair_metadata" if is_fair and kind == "metadata" else kind)(dataset, published, asked)
        )
        (fault or Handler.send)(self, answer)

    def send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def metadata(self, dataset: str, published: Published, asked: dict[str, str]) -> Answer:
        fields = [
            {"name": f.name, "label": f.name, "type": published.types.get(f.name, _type_name(f.type))}
            for f in published.rows.schema
        ]
        default = {"records_count": published.rows.num_rows, "modified": published.modified}
        return _json({"dataset_id": dataset, "metas": {"default": default}, "fields": fields})

    def records(self, dataset: str, published: Published, asked: dict[str, str]) -> Answer:
        rows = _chosen(published, asked)
        if aggregates := AGGREGATES.fullmatch(asked["select"]):
            sums = re.findall(r"sum\((\w+)\) as (\w+)", aggregates[1])
            found = {name: pc.sum(rows[column]).as_py() for column, name in sums}
            return _json({"total_count": rows.num_rows, "results": [{"rows": rows.num_rows, **found}]})
        order = "descending" if asked["order_by"].endswith(" desc") else "ascending"
        first = rows.sort_by([(published.time, order)])[published.time][0].as_py()
        text = first.isoformat() + ("+00:00" if hasattr(first, "hour") else "")
        return _json({"total_count": rows.num_rows, "results": [{asked["select"]: text}]})

    def export(self, dataset: str, published: Published, asked: dict[str, str]) -> Answer:
        assert asked["timezone"] == "UTC"
        assert asked["use_labels"] == "false"
        return Answer(parquet(_chosen(published, asked)), content_type="application/vnd.apache.parquet")

    def fair_metadata(self, dataset: str, published: Published, asked: dict[str, str]) -> Answer:
        names = {"int": "integer", "double": "number", "text": "string", "date": "string"}
        schema = [{"key": f.name, "type": names[_type_name(f.type)]} for f in published.rows.schema]
        schema.append({"key": "_id", "type": "string"})
        return _json({"count": published.rows.num_rows, "dataUpdatedAt": published.modified, "schema": schema})

    def raw(self, dataset: str, published: Published, asked: dict[str, str]) -> Answer:
        text = io.StringIO()
        writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
        writer.writerow(published.labels or published.rows.column_names)
        writer.writerows(row.values() for row in published.rows.to_pylist())
        return Answer(b"\xef\xbb\xbf" + text.getvalue().encode(), content_type="text/csv")

    def lines(self, dataset: str, published: Published, asked: dict[str, str]) -> Answer:
        start = int(asked.get("after", 0))
        self.portal.exported_lines.append(self.path)
        chosen = asked["select"].split(",") if "select" in asked else published.rows.column_names
        rows = published.rows.select(chosen).slice(start, FAIR_PAGE).to_pylist()
        said = {"total": published.rows.num_rows, "results": [{**row, "_id": str(start)} for row in rows]}
        if start + FAIR_PAGE < published.rows.num_rows:
            narrowed = f"&select={asked['select']}" if "select" in asked else ""
            said["next"] = f"{self.portal.url}{FAIR_PREFIX}{dataset}/lines?size=2&after={start + FAIR_PAGE}{narrowed}"
        return _json(said)


def parquet(rows: pa.Table) -> bytes:
    """Return a Parquet file's bytes."""
    sink = io.BytesIO()
    pq.write_table(rows, sink, compression="snappy")
    return sink.getvalue()


def _json(content: object) -> Answer:
    return Answer(json.dumps(content, default=str).encode())


def _type_name(kind: pa.DataType) -> str:
    if pa.types.is_timestamp(kind):
        return "datetime"
    if pa.types.is_date(kind):
        return "date"
    return "int" if pa.types.is_integer(kind) else "double" if pa.types.is_floating(kind) else "text"


def _chosen(published: Published, asked: dict[str, str]) -> pa.Table:
    between = BETWEEN.fullmatch(asked.get("where", ""))
    if between is None:
        return published.rows
    assert between[1] == published.time
    days = published.rows[published.time].cast(pa.date32())
    first, last = (dt.date.fromisoformat(between[i]) for i in (2, 3))
    return published.rows.filter(pc.and_(pc.greater_equal(days, first), pc.less(days, last)))


# --- what can go wrong -----------------------------------------------------------------------------------------------


def status(code: int, content: object = None, **headers: str) -> Fault:
    """Answer with another status and a JSON body."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda handler, answer: handler.send(Answer(json.dumps(content or {}).encode(), code, headers=named))


def quota_spent(code: int) -> Fault:
    """Say that the calls of the month are used up."""
    return status(
        429,
        {
            "errorcode": code,
            "error": "You have exceeded the requests limit for anonymous users.",
            "reset_time": "2025-07-01T00:00:00Z",
            "limit_time_unit": "month",
            "call_limit": 50000,
        },
    )


def body(content: bytes, content_type: str = "text/html") -> Fault:
    """Answer 200 with another body."""
    return lambda handler, answer: handler.send(Answer(content, content_type=content_type))


def appended(text: bytes) -> Fault:
    """Answer with half the rows' bytes and a text after them, all of it announced."""
    return lambda handler, answer: handler.send(Answer(answer.body[: len(answer.body) // 2] + text))


def cut(handler: Handler, answer: Answer) -> None:
    """Announce the whole body, send half of it and hang up."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(answer.body)))
    handler.end_headers()
    handler.wfile.write(answer.body[: len(answer.body) // 2])
    handler.close_connection = True


def cut_chunks(handler: Handler, answer: Answer) -> None:
    """Send half the body in chunks, without the last one, and hang up."""
    half = answer.body[: len(answer.body) // 2]
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(f"{len(half):x}\r\n".encode() + half + b"\r\n")
    handler.close_connection = True


def fewer_rows(handler: Handler, answer: Answer) -> None:
    """Leave out the last row."""
    rows = pq.read_table(io.BytesIO(answer.body))
    handler.send(Answer(parquet(rows.slice(0, rows.num_rows - 1))))


def no_rows(handler: Handler, answer: Answer) -> None:
    """Answer 200 with the columns and no row."""
    handler.send(Answer(parquet(pq.read_table(io.BytesIO(answer.body)).slice(0, 0))))


def redirect(location: str) -> Fault:
    """Send the caller elsewhere."""
    return lambda handler, answer: handler.send(Answer(b"", 302, headers={"Location": location}))


def drip(handler: Handler, answer: Answer, at_once: int = 0) -> None:
    """Send a byte now and then, never silent long enough for a time-out; `at_once` zeros before."""
    handler.send_response(200)
    handler.send_header("Content-Length", str(at_once + len(answer.body)))
    handler.end_headers()
    try:
        handler.wfile.write(bytes(at_once))
        for number in range(200):
            handler.wfile.write(answer.body[number : number + 1])
            time.sleep(0.02)
    except OSError:
        pass
    handler.close_connection = True


def silence(handler: Handler, answer: Answer) -> None:
    """Say nothing for longer than the tests' time-out."""
    time.sleep(0.8)
    handler.close_connection = True


@contextmanager
def running(portal: Any = None, handler: type[BaseHTTPRequestHandler] = Handler) -> Iterator[Any]:
    """Run a portal on a free port."""
    portal = portal or StandIn()
    own = type("OwnHandler", (handler,), {"portal": portal})
    server = ThreadingHTTPServer(("127.0.0.1", 0), own)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    portal.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield portal
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
