"""A stand-in for Google Cloud Storage on 127.0.0.1: the calls that gcsfs makes, preconditions honoured, slow when told.

From Google's description of the JSON API (objects: list, get, insert as multipart or resumable upload, rewrite, delete,
and batches), and from what gcsfs sends. `gcp-storage-emulator`, another's work, is asked the same in slow tests; it
ignores preconditions, which one writer at a time depends on.
"""

import base64
import hashlib
import itertools
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

Refusal = Callable[[str, str], int | None]


class Bucket:
    """What is in the bucket `lakes`, and how it answers."""

    name = "lakes"

    def __init__(self) -> None:
        self.objects: dict[str, tuple[int, bytes]] = {}
        """Generation and content by name."""
        self.calls: Counter[str] = Counter()
        """How often each method was called."""
        self.at_once, self.most_at_once = 0, 0
        """How many calls are being answered, and the most there ever were."""
        self.latency = 0.0
        """Seconds before each answer."""
        self.refuse: Refusal = lambda method, name: None
        """Returns the status with which a call is refused; None where it is answered."""
        self.token = ""
        """What each call must carry as its bearer's token; empty where anybody may call."""
        self.late = 0.0
        """How old, in seconds, what a list tells is."""
        self.history: list[tuple[float, dict[str, tuple[int, bytes]]]] = []
        self.generations = itertools.count(1)
        self.lock = threading.RLock()
        self.uploads: dict[str, tuple[str, str | None, bytes]] = {}
        self.url = ""

    def write(self, name: str, content: bytes, if_generation: str | None) -> int:
        """Return 200, or 412 where the object is not of the generation asked for (0: there is none)."""
        with self.lock:
            if if_generation is not None and int(if_generation) != self.objects.get(name, (0, b""))[0]:
                return 412
            self.history.append((time.monotonic(), dict(self.objects)))
            self.objects[name] = (next(self.generations), content)
            return 200

    def delete(self, name: str, if_generation: str | None) -> int:
        with self.lock:
            if name not in self.objects:
                return 404
            if if_generation is not None and int(if_generation) != self.objects[name][0]:
                return 412
            self.history.append((time.monotonic(), dict(self.objects)))
            del self.objects[name]
            return 204

    def listed(self) -> dict[str, tuple[int, bytes]]:
        """Return the objects that a list tells of."""
        with self.lock:
            if not self.late:
                return dict(self.objects)
            old = [objects for at, objects in self.history if at > time.monotonic() - self.late]
            return old[0] if old else dict(self.objects)


class Handler(BaseHTTPRequestHandler):
    """Answers one connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    bucket: Bucket

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def send(self, status: int, body: object = None, headers: dict[str, str] | None = None) -> None:
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def described(self, name: str) -> dict[str, str]:
        generation, content = self.bucket.objects[name]
        return {
            "kind": "storage#object",
            "name": name,
            "bucket": Bucket.name,
            "generation": str(generation),
            "size": str(len(content)),
            "md5Hash": base64.b64encode(hashlib.md5(content).digest()).decode(),
            "updated": "2026-01-01T00:00:00Z",
            "timeCreated": "2026-01-01T00:00:00Z",
        }

    def fail(self, status: int) -> None:
        said = {401: "Anonymous caller does not have storage.objects.get access", 403: "does not have the permission"}
        message = said.get(status, "no such thing")
        self.send(status, {"error": {"code": status, "message": message}})

    def answer(self) -> None:
        bucket, parts = self.bucket, urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with bucket.lock:
            bucket.calls[self.command] += 1
            bucket.at_once += 1
            bucket.most_at_once = max(bucket.most_at_once, bucket.at_once)
        time.sleep(bucket.latency)
        with bucket.lock:
            bucket.at_once -= 1
        if parts.path == "/token":
            self.send(200, {"access_token": bucket.token, "expires_in": 3600, "token_type": "Bearer"})
            return
        if bucket.token and self.headers.get("Authorization") != f"Bearer {bucket.token}":
            self.fail(401)
            return
        if parts.path.startswith("/batch/"):
            self.batch(body)
            return
        if parts.path.startswith("/resumable/"):
            self.resume(parts.path.removeprefix("/resumable/"), body)
            return
        found = re.fullmatch(r"(?:/upload|/download)?/storage/v1/b/([^/]+)(?:/o(?:/(.+))?)?", parts.path)
        if not found or found[1] != Bucket.name:
            self.fail(404)
            return
        source, _, copied = (found[2] or "").partition("/rewriteTo/")
        name = unquote(copied.partition("/o/")[2] or source or query.get("name", ""))
        refusal = bucket.refuse(self.command, name)
        if refusal:
            self.fail(refusal)
        elif copied:
            self.rewrite(unquote(source), name)
        elif self.command == "POST":
            self.insert(query, body, name)
        elif self.command == "DELETE":
            status = bucket.delete(name, query.get("ifGenerationMatch"))
            self.send(status) if status == 204 else self.fail(status)
        elif not name:
            self.list(query)
        elif name not in bucket.objects:
            self.fail(404)
        elif query.get("alt") == "media":
            self.send(200, bucket.objects[name][1])
        else:
            self.send(200, self.described(name))

    do_GET = do_POST = do_PUT = do_DELETE = answer

    def rewrite(self, source: str, name: str) -> None:
        if source not in self.bucket.objects:
            self.fail(404)
            return
        self.bucket.write(name, self.bucket.objects[source][1], None)
        self.send(200, {"done": True, "resource": self.described(name)})

    def insert(self, query: dict[str, str], body: bytes, name: str) -> None:
        precondition = query.get("ifGenerationMatch")
        if query["uploadType"] == "resumable":
            upload = str(len(self.bucket.uploads))
            self.bucket.uploads[upload] = (name, precondition, b"")
            self.send(200, {}, {"Location": f"{self.bucket.url}/resumable/{upload}"})
            return
        boundary = re.search(r'boundary="?([^";]+)', self.headers["Content-Type"])
        assert boundary
        _, described, content, _ = body.split(b"--" + boundary[1].encode(), 3)
        name = json.loads(described.split(b"\n\n", 1)[1])["name"]
        refusal = self.bucket.refuse("POST", name)
        status = refusal or self.bucket.write(name, content.split(b"\n\n", 1)[1][:-1], precondition)
        self.send(200, self.described(name)) if status == 200 else self.fail(status)

    def resume(self, upload: str, body: bytes) -> None:
        name, precondition, before = self.bucket.uploads[upload]
        content = before + body
        self.bucket.uploads[upload] = (name, precondition, content)
        total = self.headers.get("Content-Range", "*/*").rpartition("/")[2]
        if total != "*" and len(content) >= int(total):
            status = self.bucket.write(name, content, precondition)
            self.send(200, self.described(name)) if status == 200 else self.fail(status)
        else:
            self.send(308, None, {"Range": f"bytes=0-{len(content) - 1}"})

    def list(self, query: dict[str, str]) -> None:
        names = [name for name in sorted(self.bucket.listed()) if name.startswith(query.get("prefix", ""))]
        delimiter, depth = query.get("delimiter"), len(query.get("prefix", ""))
        folders = {n[: n.index(delimiter, depth) + 1] for n in names if delimiter and delimiter in n[depth:]}
        items = [n for n in names if not (delimiter and delimiter in n[depth:]) and n in self.bucket.objects]
        self.send(200, {"items": [self.described(n) for n in items], "prefixes": sorted(folders)})

    def batch(self, body: bytes) -> None:
        answers = []
        for path in re.findall(rb"DELETE (\S+) HTTP", body):
            name = unquote(urlsplit(path.decode()).path.partition("/o/")[2])
            refusal = self.bucket.refuse("DELETE", name)
            answers.append(refusal or self.bucket.delete(name, None))
        lines = [f"--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 {status} x\r\n\r\n\r\n" for status in answers]
        self.send(200, ("".join(lines) + "--b--\r\n").encode(), {"Content-Type": "multipart/mixed; boundary=b"})


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that goes away is its own affair."""


@contextmanager
def serving() -> Iterator[Bucket]:
    """Yield a bucket that answers on a free port until the block ends."""
    bucket = Bucket()
    server = _Server(("127.0.0.1", 0), type("Bound", (Handler,), {"bucket": bucket}))
    bucket.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield bucket
    finally:
        server.shutdown()
        server.server_close()
