"""The HTTP client of all portals: time-outs, retries with back-off, limits, no surprise redirects, no leaked secrets.

Messages never quote what `requests` says: its texts hold whole addresses, and an address may hold a key.
"""

import datetime as dt
import json
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import requests
import urllib3

from dataelec.errors import DataElecError

CHUNK = 1 << 16
REDIRECTS = 3
QUOTED_ERROR = 300
SECRET_WORDS = ("key", "token", "secret", "password", "signature")
# What an Opendatasoft portal says where the calls of a day or month are used up, not just too fast.
SPENT_CODES = ("10002", "10005")
# Broken connections and bodies, whichever library notices.
BROKEN = (
    requests.ConnectionError,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
    urllib3.exceptions.HTTPError,
)

Parameters = Mapping[str, str | int]
BytesSeen = Callable[[int], None]
_Answer = TypeVar("_Answer")


@dataclass(frozen=True)
class Limits:
    """How patient and how trusting to be; times in seconds."""

    connect_timeout: float = 10
    read_timeout: float = 120
    """The longest silence: a portal may need a minute before an export's first byte."""
    attempts: int = 5
    attempts_to_connect: int = 4
    """Without any connection, as on a machine without network, this is all: some ten seconds."""
    first_wait: float = 1
    longest_wait: float = 120
    largest_answer: int = 16 << 20
    largest_file: int = 3 << 30
    least_bytes_per_second: float = 1_000
    slow_after: float = 60
    """How long a download may be slower than that, at any point, before it is given up."""
    pause: float = 0
    """The least time between the beginnings of two calls."""


class PortalError(DataElecError):
    """A portal did not give what was asked; the datasets after it may still be had."""


class QuotaSpentError(PortalError):
    """All calls that the portal grants are used up: no further call makes sense before it says."""


class UnreachableError(PortalError):
    """There was no connection at all, however often it was tried."""


class StatusError(PortalError):
    """The portal answered with a status that trying again does not change; `status` and what it said."""

    def __init__(self, status: int, message: str, advice: str) -> None:
        """Keep the status for callers that know what it means."""
        super().__init__(message, advice)
        self.status = status


class StoppedError(PortalError):
    """The person asked to stop."""


class _TransientError(PortalError):
    """Trying again may help; `wait` is what the portal asked for, in seconds."""

    def __init__(self, message: str, advice: str, wait: float | None = None) -> None:
        super().__init__(message, advice)
        self.wait = wait


def shown(url: str) -> str:
    """Return an address as it may be shown and kept: without user, password and values of secret parameters."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    query = [
        (name, "..." if any(word in name.lower() for word in SECRET_WORDS) else value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
    ]
    return urlunsplit((parts.scheme, host, parts.path, urlencode(query), ""))


class _UnconnectedError(_TransientError):
    """No connection this time."""


class Client:
    """Calls to one portal, at `base` (scheme, host, perhaps a path); one thread at a time."""

    def __init__(
        self,
        portal: str,
        base: str,
        limits: Limits,
        stop: threading.Event | None = None,
        file_hosts: tuple[str, ...] = (),
    ) -> None:
        """Open no connection yet; `portal` is the name in messages, setting `stop` ends calls and waits.

        `file_hosts` are other hosts that the portal keeps its files on, asked over https only.
        """
        self.portal = portal
        self.base = base.rstrip("/")
        self.limits = limits
        self.stop = stop or threading.Event()
        self.file_hosts = file_hosts
        self._next_call = 0.0
        if urlsplit(self.base).scheme not in ("http", "https") or not urlsplit(self.base).hostname:
            raise PortalError(
                f"The address set for {portal} is not an http(s) address.",
                "Set it like https://portal.example, or not at all for the portal's own.",
            )
        self._session = requests.Session()
        self._session.headers["User-Agent"] = "dataelec (open data loader)"
        # Without an `auth` of its own requests would send what ~/.netrc holds.
        self._session.auth = _as_it_is

    def address(self, path: str, parameters: Parameters | None = None) -> str:
        """Return the full address of a call, as it may be shown."""
        query = f"?{urlencode(parameters)}" if parameters else ""
        return shown(f"{self._full(path)}{query}")

    def path_of(self, url: str) -> str:
        """Return what to ask this client for to get an address that the portal names; PortalError if it lies elsewhere.

        It is the path and query below the portal's own address, or a whole address on one of its file hosts.
        """
        base = f"{shown(self.base)}/"
        parts = urlsplit(url)
        without_user = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
        if without_user.startswith(base):
            return without_user.removeprefix(base.rstrip("/"))
        if parts.scheme == "https" and parts.netloc in self.file_hosts:
            return without_user
        raise PortalError(
            f"{self.portal} names {shown(url).partition('?')[0]}, which lies elsewhere.",
            "It was not followed. If the portal has moved, set its new address (`dataelec load --help`).",
        )

    def _full(self, path: str) -> str:
        return path if "://" in path else f"{self.base}{path}"

    def headers(self, path: str) -> Mapping[str, str]:
        """Return what the portal says of a file without sending it; StatusError if refused."""

        def read() -> Mapping[str, str]:
            with self._open(path, None, method="HEAD") as response:
                return response.headers

        return self._patiently(read)

    def json(self, path: str, parameters: Parameters | None = None, largest: int | None = None) -> dict[str, Any]:
        """Return a JSON object of at most `largest` bytes; PortalError where it is none, StatusError if refused."""

        def read() -> dict[str, Any]:
            with self._open(path, parameters) as response:
                body = b"".join(self._pieces(response, largest or self.limits.largest_answer))
            return self._object(body)

        return self._patiently(read)

    def download(self, path: str, parameters: Parameters, target: Path, seen: BytesSeen = lambda number: None) -> int:
        """Stream an answer's body into the file `target`; return its bytes. `seen` is told how many there are so far.

        A body that breaks off is asked for again from the start.
        """

        def read() -> int:
            number = 0
            with self._open(path, parameters) as response, target.open("wb") as sink:
                for piece in self._pieces(response, self.limits.largest_file):
                    _write(sink.write, piece, target)
                    number += len(piece)
                    seen(number)
            return number

        return self._patiently(read)

    def _patiently(self, call: Callable[[], _Answer]) -> _Answer:
        """Make the call, again after a growing wait while trying again may help."""
        for attempt in range(1, self.limits.attempts + 1):
            try:
                return call()
            except _TransientError as problem:
                is_unconnected = isinstance(problem, _UnconnectedError)
                most = self.limits.attempts_to_connect if is_unconnected else self.limits.attempts
                if attempt >= min(most, self.limits.attempts) or (problem.wait or 0) > self.limits.longest_wait:
                    tries = "once" if attempt == 1 else f"{attempt} times"
                    kind = UnreachableError if is_unconnected else PortalError
                    raise kind(f"{problem.message} (tried {tries})", problem.advice) from problem
                self._wait(attempt, problem.wait)
        raise AssertionError("a call either returns or raises")

    def _wait(self, attempt: int, asked: float | None) -> None:
        # Jitter: many clients that failed together must not come back together.
        backed_off = self.limits.first_wait * 2 ** (attempt - 1) * random.uniform(0.5, 1.5)
        if self.stop.wait(min(max(backed_off, asked or 0), self.limits.longest_wait)):
            raise self._stopped()

    def _stopped(self) -> StoppedError:
        return StoppedError("Stopped on request.", "What has landed stays; run the command again for the rest.")

    @contextmanager
    def _open(self, path: str, parameters: Parameters | None, method: str = "GET") -> Iterator[requests.Response]:
        """Yield an answer whose status is 200 and whose body is not read yet, following redirects on the same host."""
        url, query = self._full(path), parameters
        for _ in range(REDIRECTS + 1):
            self._take_turn()
            with self._ask(method, url, query) as response:
                if not response.is_redirect:
                    self._judge_status(response)
                    yield response
                    return
                url, query = self._redirected(url, response.headers["Location"]), None
        raise PortalError(
            f"{self.portal} redirects in a loop at {shown(url)}.", "Try again later; see whether the portal is up."
        )

    def _take_turn(self) -> None:
        """Wait until the portal may be called again."""
        if self.stop.wait(max(0.0, self._next_call - time.monotonic())):
            raise self._stopped()
        self._next_call = time.monotonic() + self.limits.pause

    def _ask(self, method: str, url: str, query: Parameters | None) -> requests.Response:
        timeouts = (self.limits.connect_timeout, self.limits.read_timeout)
        try:
            return self._session.request(
                method, url, params=query, stream=True, allow_redirects=False, timeout=timeouts
            )
        except requests.ReadTimeout:
            raise self._too_silent() from None
        except BROKEN:  # no answer to a connection among them
            raise _UnconnectedError(
                f"{self.portal} cannot be reached at {shown(self.base)}.",
                "Check the network, a proxy perhaps, and whether the portal is up; then run the command again.",
            ) from None
        except requests.RequestException:
            raise PortalError(
                f"{self.portal}: the address {shown(self.base)} cannot be used.", "Check the address that is set."
            ) from None

    def _redirected(self, url: str, location: str) -> str:
        target = urljoin(url, location)
        old, new = urlsplit(url), urlsplit(target)
        if (new.hostname, new.port) != (old.hostname, old.port) or new.scheme not in (old.scheme, "https"):
            raise PortalError(
                f"{self.portal} redirects from {old.hostname} to another place, {new.scheme}://{new.hostname}.",
                "It was not followed. If the portal has moved, set its new address (`dataelec load --help`).",
            )
        return target

    def _judge_status(self, response: requests.Response) -> None:
        status = response.status_code
        if status == 200:
            return
        body = b"".join(self._pieces(response, self.limits.largest_answer))
        said = _as_object(body)
        if status == 429 and str(said.get("errorcode")) in SPENT_CODES:
            raise self._quota_spent(said)
        if status == 429 or status >= 500:
            wait = _retry_after(response.headers.get("Retry-After"))
            asked = f", and asks to wait {wait:.0f} s" if wait else ""
            what = "is called too often" if status == 429 else "reports a server error"
            raise _TransientError(
                f"{self.portal} {what} (HTTP {status}){asked}.",
                "Run the command again later: it goes on from here.",
                wait,
            )
        what = said.get("message") or said.get("error") or said.get("description") or ""
        raise StatusError(
            status,
            f"{self.portal} rejects the request to {shown(response.url).partition('?')[0]} (HTTP {status})"
            + (f": {str(what)[:QUOTED_ERROR]}" if what else "."),
            "See `dataelec sources --check` for what changed on the portal.",
        )

    def _quota_spent(self, said: Mapping[str, Any]) -> QuotaSpentError:
        until = said.get("reset_time") or "a time it does not say"
        limit = f" of {said['call_limit']} calls" if said.get("call_limit") else ""
        unit = f" a {said['limit_time_unit']}" if said.get("limit_time_unit") else ""
        return QuotaSpentError(
            f"{self.portal}: the quota{limit}{unit} is used up until {until}.",
            "Run the command again after that: it goes on with what is missing.",
        )

    def _pieces(self, response: requests.Response, largest: int) -> Iterator[bytes]:
        """Yield the body as it arrives; _TransientError where it breaks off, is silent or drips."""
        number, before, since = 0, 0, time.monotonic()
        try:
            # `read1` returns what is there: a reader that waits for a full piece would not notice a drip.
            while piece := response.raw.read1(CHUNK, decode_content=True):
                number += len(piece)
                if self.stop.is_set():
                    raise self._stopped()
                if number > largest:
                    raise PortalError(
                        f"{self.portal} sends more than {largest / 1e6:,.0f} MB, far beyond what this dataset holds.",
                        "Nothing was landed. Look at the dataset on the portal before anything else.",
                    )
                # Stretch by stretch: a fast beginning must not pay for hours of silence.
                if (seconds := time.monotonic() - since) > self.limits.slow_after:
                    self._refuse_drip(number - before, seconds)
                    before, since = number, time.monotonic()
                yield piece
        except urllib3.exceptions.ReadTimeoutError:
            raise self._too_silent() from None
        except BROKEN:
            raise _TransientError(
                f"{self.portal} broke off the response after {number:,} bytes.", "Run the command again later."
            ) from None

    def _refuse_drip(self, number: int, seconds: float) -> None:
        if number / seconds < self.limits.least_bytes_per_second:
            raise _TransientError(
                f"{self.portal} sends too slowly: {number:,} bytes in {seconds:.0f} s.", "Run the command again later."
            )

    def _too_silent(self) -> _TransientError:
        return _TransientError(
            f"{self.portal} did not answer for {self.limits.read_timeout:g} s.", "Run the command again later."
        )

    def _object(self, body: bytes) -> dict[str, Any]:
        found = _as_object(body)
        if found:
            return found
        what = "an HTML page" if body.lstrip().startswith(b"<") else "something that is no JSON object"
        raise PortalError(
            f"{self.portal} answered with {what} where its data interface should be ({shown(self.base)}).",
            "The portal may be under maintenance or its address may have changed: open it in a browser.",
        )


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _as_object(body: bytes) -> dict[str, Any]:
    """Return the JSON object of a body; an empty one where it is none."""
    try:
        found = json.loads(body)
        # A lone surrogate can be neither printed nor kept.
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _retry_after(value: str | None) -> float | None:
    """Return the seconds that a Retry-After header asks for, in either of its forms."""
    if not value:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        moment = dt.datetime.strptime(value.strip(), "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=dt.UTC)
    except ValueError:
        return None
    return max(0.0, (moment - dt.datetime.now(dt.UTC)).total_seconds())


def _write(write: Callable[[bytes], int], piece: bytes, target: Path) -> None:
    try:
        write(piece)
    except OSError as problem:
        raise DataElecError(
            f"The download {target.name} cannot be written: {problem.strerror}.",
            "Nothing was landed. Make room where temporary files go (TMPDIR), then run the command again.",
        ) from problem
