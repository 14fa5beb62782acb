"""What a portal can do wrong: each time the message says what happened and what next, and the lake stays as it was."""

import errno
import shutil
import socket
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pyarrow as pa
import pytest
import requests

from dataelec.errors import DataElecError
from dataelec.settings import Settings
from loaders import http
from loaders.catalog import CATALOG
from loaders.http import Client, Limits, shown
from loaders.lake import Lake
from loaders.loading import FAILED, LANDED, check_sources, load
from tests.loaders import portal_stand_in as stand_in
from tests.loaders.lakes import ANNUAL, LOAD, NOW, TEMPERATURE
from tests.loaders.portal_stand_in import Fault, Published
from tests.loaders.test_load import IMPATIENT, LATER, World, annual_rows, temperature_rows

YEARS = (2024,)


@pytest.fixture(scope="module")
def good_lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake with the temperatures of one year, loaded without a fault."""
    folder = tmp_path_factory.mktemp("good")
    with pytest.MonkeyPatch.context() as patch, stand_in.running() as portal:
        patch.setenv("NO_PROXY", "127.0.0.1")
        portal.datasets[TEMPERATURE] = Published(temperature_rows(YEARS), "date")
        settings = Settings(folder, None, {"odre": portal.url})
        load(Lake(str(folder / "lake")), [CATALOG[TEMPERATURE]], settings, now=lambda: NOW, limits=IMPATIENT)
    return folder / "lake"


@pytest.fixture
def world(good_lake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The good lake, and a portal that has revised the year since."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    shutil.copytree(good_lake, tmp_path / "lake")
    with stand_in.running() as portal:
        portal.datasets = {
            TEMPERATURE: Published(temperature_rows(YEARS, tmoy=6.5), "date", LATER),
            ANNUAL: Published(annual_rows(), "annee"),
        }
        yield World(portal, Lake(str(tmp_path / "lake")), tmp_path)


def refused(world: World, limits: Limits = IMPATIENT) -> str:
    """Load, see that it failed and changed nothing; return why."""
    before = world.tree()
    outcome = world.one(limits=limits)
    assert outcome.result == FAILED, outcome
    assert world.tree() == before
    assert outcome.why.count("\n") >= 1, "the message lacks what to do next"
    return outcome.why


ALWAYS = 10
PAGE = b"<!DOCTYPE html><html><body>Maintenance</body></html>"
INTERRUPTED = b"Streaming interrupted due to the following error: offset too large"

FAULTS: dict[str, tuple[str, Fault, str]] = {
    "cut body": ("export", stand_in.cut, "broke off the response after"),
    "cut chunked body": ("export", stand_in.cut_chunks, "broke off the response after"),
    "error text for rows": ("export", stand_in.body(INTERRUPTED), "sent no export temp"),
    "error text after rows": ("export", stand_in.appended(INTERRUPTED), "off: Streaming interrupted due to"),
    "half a file": ("export", stand_in.appended(b""), "cut or damaged after"),
    "no bytes": ("export", stand_in.body(b""), "is empty, 0 bytes"),
    "HTML for rows": ("export", stand_in.body(PAGE), "an HTML page instead of the export"),
    "HTML for metadata": ("metadata", stand_in.body(PAGE), "answered with an HTML page where its data interface"),
    "HTML for a count": ("records", stand_in.body(PAGE), "answered with an HTML page where its data interface"),
    "error for a count": ("records", stand_in.body(b'{"message": "no"}'), "does not say which years"),
    "unknown metadata": ("metadata", stand_in.body(b'{"fields": []}'), "in a form that is not known"),
    "fewer rows": ("export", stand_in.fewer_rows, "has 2 rows where 3 were announced"),
    "no rows": ("export", stand_in.no_rows, "has 0 rows where 3 were announced"),
    "server error": ("export", stand_in.status(503), "reports a server error (HTTP 503). (tried 3 times)"),
    "called too often": ("export", stand_in.status(429), "is called too often (HTTP 429). (tried 3 times)"),
    "asked to wait long": ("export", stand_in.status(429, Retry_After="3600"), "asks to wait 3600 s. (tried once)"),
    "gone": ("metadata", stand_in.status(410), f"has no dataset `{TEMPERATURE}` (HTTP 410)"),
    "bad query": (
        "records",
        stand_in.status(400, {"message": "Unknown field: date"}),
        "HTTP 400): Unknown field: date",
    ),
    "forbidden": ("metadata", stand_in.status(403), "rejects the request"),
    "silence": ("metadata", stand_in.silence, "did not answer for 0.4 s. (tried 3 times)"),
    "slow drip": ("export", stand_in.drip, "sends too slowly"),
    "slow drip after a rush": ("export", partial(stand_in.drip, at_once=100_000), "sends too slowly"),
    "redirect in a circle": ("metadata", stand_in.redirect("?"), "redirects in a loop"),
    "redirect away": (
        "metadata",
        stand_in.redirect("http://elsewhere.example/x?token=abc"),
        "redirects from 127.0.0.1 to another place, http://elsewhere.example.",
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_explained_and_leaves_the_lake_alone(world: World, name: str) -> None:
    kind, fault, message = FAULTS[name]
    world.portal.fail(kind, fault, ALWAYS)
    why = refused(world)
    assert message in why
    assert "ODRÉ" in why
    assert "abc" not in why
    assert str(world.home) not in why


def test_after_a_fault_the_next_load_lands(world: World) -> None:
    world.portal.fail("export", stand_in.fewer_rows)
    refused(world)
    outcome = world.one()
    assert (outcome.result, outcome.parts) == (LANDED, ("2024-01",))
    assert {value for (value,) in world.rows(columns="tmoy")} == {6.5}


NO_NUMBER = stand_in.status(503, Retry_After="\u00b2")  # A digit to Python, no number.


@pytest.mark.parametrize(
    "fault", [stand_in.status(500), stand_in.status(429), NO_NUMBER, stand_in.cut, stand_in.silence]
)
@pytest.mark.parametrize("kind", ["metadata", "export"])
def test_a_passing_fault_is_tried_again(world: World, kind: str, fault: Fault) -> None:
    world.portal.fail(kind, fault, times=2)
    assert world.one().result == LANDED
    assert world.portal.calls[kind] == 3


@pytest.mark.parametrize("code", [10002, 10005])
def test_a_spent_quota_stops_the_portal_and_says_until_when(world: World, code: int) -> None:
    world.portal.fail("metadata", stand_in.quota_spent(code))
    before = world.tree()
    outcomes = world.load(TEMPERATURE, ANNUAL)
    assert world.portal.calls == {"metadata": 1}
    assert "the quota of 50000 calls a month is used up until 2025-07-01T00:00:00Z" in outcomes[TEMPERATURE].why
    assert "Not tried: ODRÉ: the quota" in outcomes[ANNUAL].why
    assert {outcome.result for outcome in outcomes.values()} == {FAILED}
    assert world.tree() == before


def test_a_quota_spent_midway_keeps_what_has_landed(world: World) -> None:
    world.portal.datasets[TEMPERATURE].rows = temperature_rows((2022, 2023, 2024))
    world.portal.faults["export"] = [stand_in.Handler.send, stand_in.quota_spent(10005)]
    outcome = world.one()
    assert (outcome.result, outcome.parts) == (FAILED, ("2022",))
    assert world.one().parts == ("2023",)


def test_a_wait_that_the_portal_asks_for_is_kept(world: World) -> None:
    world.portal.fail("metadata", stand_in.status(429, Retry_After="1"))
    started = time.monotonic()
    assert world.one(limits=Limits(attempts=2, first_wait=0.01, longest_wait=2)).result == LANDED
    assert time.monotonic() - started >= 1


def test_a_redirect_on_the_same_host_is_followed(world: World) -> None:
    world.portal.fail("metadata", stand_in.redirect(f"{stand_in.PREFIX}{TEMPERATURE}"))
    assert world.one().result == LANDED


def test_a_vanished_needed_column_is_named_with_the_new_ones(world: World) -> None:
    renamed = temperature_rows().rename_columns(["id", "date", "code_insee_region", "region", "tmin", "tmax", "tmean"])
    world.portal.datasets[TEMPERATURE].rows = renamed
    why = refused(world)
    assert f"no longer has `tmoy` in `{TEMPERATURE}`; not in the catalog: `tmean`" in why
    assert "aliases" in why
    assert world.portal.calls == {"metadata": 1}


def test_a_column_that_became_text_is_refused_with_its_value(world: World) -> None:
    rows = world.portal.datasets[TEMPERATURE].rows
    world.portal.datasets[TEMPERATURE].rows = rows.set_column(6, "tmoy", pa.array(["6.5", "6,5", "6.5"]))
    assert "'6,5' is not a number" in refused(world)


def test_a_dataset_announced_empty_is_refused(world: World) -> None:
    world.portal.datasets[TEMPERATURE].rows = temperature_rows(()).cast(temperature_rows().schema)
    assert "announces no rows" in refused(world)


def test_a_body_beyond_the_limit_is_given_up(world: World) -> None:
    limits = Limits(attempts=1, largest_file=1000)
    assert "far beyond what this dataset holds" in refused(world, limits)


def test_a_portal_that_is_not_there_is_named(world: World) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        world.portal.url = f"http://127.0.0.1:{free.getsockname()[1]}"
        assert f"ODRÉ cannot be reached at {world.portal.url}." in refused(world)
        assert world.load(TEMPERATURE, ANNUAL)[ANNUAL].why.startswith("Not tried: ODRÉ cannot be reached")
        settings = Settings(world.home, None, {"odre": world.portal.url})
        asked, *others = check_sources(
            [CATALOG[dataset] for dataset in (TEMPERATURE, ANNUAL, LOAD)], settings, NOW.date(), limits=IMPATIENT
        )
        assert [drift.result for drift in (asked, *others)] == 3 * [FAILED]
        assert asked.findings[0].endswith("The same portal has 2 more, which were not asked for.")
        assert [drift.findings for drift in others] == [(), ()]


def test_an_address_that_is_none_is_refused(world: World) -> None:
    world.portal.url = "odre.example"
    assert "The address set for ODRÉ is not an http(s) address" in refused(world)


def test_a_full_disk_while_downloading_is_explained(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(write: object, piece: bytes, target: Path) -> None:
        original(_no_room, piece, target)

    original = http._write
    monkeypatch.setattr(http, "_write", full)
    why = refused(world)
    assert "cannot be written: No space left on device" in why
    assert "Make room where temporary files go" in why


def test_a_full_disk_while_landing_is_explained(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(world.lake.storage), "put", lambda *arguments: _no_room(b""))
    before = world.tree()
    outcome = world.one()
    assert outcome.result == FAILED
    assert "No space left on device" in outcome.why
    assert "the space left" in outcome.why
    monkeypatch.undo()
    world.lake.settle()
    assert world.tree() == before


def _no_room(piece: bytes) -> int:
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_lake_that_another_command_holds_is_refused_before_any_call(world: World) -> None:
    with world.lake.storage.lock(), pytest.raises(DataElecError, match="Another `dataelec` command"):
        world.one()
    assert not world.portal.calls


def test_no_password_file_is_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = world.home / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password hunter2\n")
    monkeypatch.setenv("NETRC", str(netrc))
    assert requests.utils.get_netrc_auth(world.portal.url) == ("me", "hunter2")
    world.one()
    assert not [headers for headers in world.portal.headers if "Authorization" in headers]


def test_shown_addresses_hold_no_secret() -> None:
    url = "https://me:hunter2@host.example:8443/a?where=x&apikey=abc&access_token=def#g"
    assert shown(url) == "https://host.example:8443/a?where=x&apikey=...&access_token=..."


def test_a_stopped_client_neither_calls_nor_waits(world: World) -> None:
    client = Client("ODRÉ", world.portal.url, Limits(first_wait=60))
    world.portal.fail("metadata", stand_in.status(500))
    client.stop.set()
    with pytest.raises(DataElecError, match="Stopped on request"):
        client.json(f"{stand_in.PREFIX}{TEMPERATURE}")
    assert not world.portal.calls
