"""`load` from a Data Fair portal, page by page."""

import json
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from dataelec.settings import Settings
from loaders.catalog import CATALOG, Kind
from loaders.lake import Lake
from loaders.loading import FAILED, LANDED, UNCHANGED, Outcome, load
from loaders.portals import data_fair
from tests.loaders import portal_stand_in as stand_in
from tests.loaders.lakes import NOW, tree
from tests.loaders.portal_stand_in import Fault, Published, StandIn
from tests.loaders.test_load import IMPATIENT, LATER

SECTORS = "conso-elec-gaz-annuelle-par-secteur-dactivite-agregee-departement"


def sector_rows(number: int = 5, total: float = 100.0) -> pa.Table:
    return pa.table(
        {
            "operateur": ["Enedis"] * number,
            "annee": [str(2011 + i) for i in range(number)],
            "filiere": ["Electricité"] * number,
            "code_departement": ["02"] * number,
            "consototale": [total] * number,
        }
    )


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    with stand_in.running() as portal:
        portal.datasets[SECTORS] = Published(sector_rows(), "annee")
        yield portal


def loaded(portal: StandIn, folder: Path) -> Outcome:
    settings = Settings(folder, None, {"ore": portal.url})
    return load(Lake(str(folder / "lake")), [CATALOG[SECTORS]], settings, now=lambda: NOW, limits=IMPATIENT)[0]


def totals(folder: Path) -> list[tuple[int, str, float]]:
    with duckdb.connect() as connection:
        return connection.execute(
            "select annee, code_departement, consototale"
            f" from read_parquet('{folder}/lake/ore/{SECTORS}/{SECTORS}.parquet') order by annee"
        ).fetchall()


def test_all_pages_land_and_a_second_load_reads_no_page(portal: StandIn, tmp_path: Path) -> None:
    outcome = loaded(portal, tmp_path)
    assert (outcome.result, outcome.rows) == (LANDED, 5), outcome.why
    assert portal.calls == {"metadata": 1, "lines": 3}
    assert totals(tmp_path) == [(2011 + i, "02", 100.0) for i in range(5)]
    portal.forget_calls()
    assert loaded(portal, tmp_path).result == UNCHANGED
    assert portal.calls == {"metadata": 1}
    portal.publish(SECTORS, sector_rows(total=200.0), LATER)
    assert loaded(portal, tmp_path).result == LANDED
    assert {total for _, _, total in totals(tmp_path)} == {200.0}


def _next(address: str) -> Fault:
    def fault(handler: stand_in.Handler, answer: stand_in.Answer) -> None:
        said = json.loads(answer.body)
        said["next"] = address.format(url=handler.portal.url)
        handler.send(stand_in.Answer(json.dumps(said).encode()))

    return fault


LINES = f"/data-fair/api/v1/datasets/{SECTORS}/lines"
SEND = stand_in.Handler.send
FAULTS: dict[str, tuple[str, list[Fault], str]] = {
    "a next that loops": ("lines", [_next("{url}" + LINES + "?size=10000")], "paginates in a loop: after 1 pages"),
    "a next elsewhere": (
        "lines",
        [_next("http://elsewhere.example/lines?token=abc")],
        "names http://elsewhere.example",
    ),
    "paging cut midway": ("lines", [SEND, *[stand_in.cut] * 3], "broke off the response after"),
    "a page without a next": ("lines", [SEND, _next("")], "came with 4 rows where 5 were announced"),
    "no rows": ("lines", [stand_in.body(b'{"total": 5, "results": []}')], "came with 0 rows where 5 were announced"),
    "an error for a page": ("lines", [SEND, stand_in.body(b'{"error": "x"}')], "answered without rows after 1 pages"),
    "vanished": ("metadata", [stand_in.status(404)], "Agence ORE has no dataset"),
    "unknown metadata": ("metadata", [stand_in.body(b'{"schema": 1}')], "in a form that is not known"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_explained_and_leaves_the_lake_alone(portal: StandIn, tmp_path: Path, name: str) -> None:
    kind, faults, message = FAULTS[name]
    loaded(portal, tmp_path)
    portal.publish(SECTORS, sector_rows(total=200.0), LATER)
    before = tree(tmp_path)
    portal.faults[kind] = faults
    outcome = loaded(portal, tmp_path)
    assert outcome.result == FAILED
    assert message in outcome.why
    assert "Agence ORE" in outcome.why
    assert "\n" in outcome.why
    assert "abc" not in outcome.why
    assert tree(tmp_path) == before


LABELS = ["Opérateur", "Année", "Filière", "Code Département", "Consommation totale (MWh)"]


def test_a_dataset_of_many_lines_is_downloaded_as_its_publishers_file(
    portal: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_fair, "MOST_LINES", 4)
    portal.datasets[SECTORS].labels = LABELS
    outcome = loaded(portal, tmp_path)
    assert (outcome.result, outcome.rows) == (LANDED, 5), outcome.why
    assert portal.calls == {"metadata": 1, "raw": 1}
    assert totals(tmp_path) == [(2011 + i, "02", 100.0) for i in range(5)]
    portal.forget_calls()
    assert loaded(portal, tmp_path).result == UNCHANGED
    assert portal.calls == {"metadata": 1}


RAW_FAULTS: dict[str, tuple[Fault, str]] = {
    "fewer rows": (
        lambda handler, answer: handler.send(stand_in.Answer(answer.body[: answer.body[:-2].rindex(b"\r\n") + 2])),
        "has 4 rows where 5 were announced",
    ),
    "no rows": (
        lambda handler, answer: handler.send(stand_in.Answer(answer.body[: answer.body.index(b"\r\n") + 2])),
        "holds no rows",
    ),
    "a line cut": (
        lambda handler, answer: handler.send(stand_in.Answer(answer.body[:-15])),
        "columns where the header has 5",
    ),
    "an HTML page": (stand_in.body(b"<html>Maintenance</html>"), "is an HTML or XML page"),
    "a decimal comma among points": (
        lambda handler, answer: handler.send(stand_in.Answer(answer.body.replace(b"200.0", b"200,0", 1))),
        "decimal commas are read where the delimiter is `;` and all numbers have them",
    ),
    "a renamed column": (
        lambda handler, answer: handler.send(stand_in.Answer(answer.body.replace("Code Département".encode(), b"Dep"))),
        "lacks `code_departement`",
    ),
}


@pytest.mark.parametrize("name", RAW_FAULTS)
def test_a_file_that_is_not_right_is_explained_and_leaves_the_lake_alone(
    portal: StandIn, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data_fair, "MOST_LINES", 4)
    fault, message = RAW_FAULTS[name]
    portal.datasets[SECTORS].labels = LABELS
    loaded(portal, tmp_path)
    portal.publish(SECTORS, sector_rows(total=200.0), LATER)
    before = tree(tmp_path)
    portal.faults["raw"] = [fault]
    outcome = loaded(portal, tmp_path)
    assert outcome.result == FAILED
    assert message in outcome.why
    assert "\n" in outcome.why
    assert tree(tmp_path) == before


def test_a_vanished_column_is_named(portal: StandIn, tmp_path: Path) -> None:
    portal.datasets[SECTORS].rows = sector_rows().rename_columns(
        ["operateur", "annee", "filiere", "departement", "consototale"]
    )
    outcome = loaded(portal, tmp_path)
    assert "no longer has `code_departement`" in outcome.why
    assert "not in the catalog: `departement`" in outcome.why


def test_the_real_sectors_land_whole(
    portal: StandIn, tmp_path: Path, real_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stand_in, "FAIR_PAGE", 1000)
    with duckdb.connect() as connection:
        rows = connection.sql(
            f"select * replace (annee::VARCHAR as annee) from read_csv('{real_data}/ore/{SECTORS}.ids.csv',"
            " delim = ';', types = {'code_departement': 'VARCHAR', 'code_region': 'VARCHAR'})"
        ).to_arrow_table()
    portal.datasets[SECTORS] = Published(rows, "annee")
    outcome = loaded(portal, tmp_path)
    assert (outcome.result, outcome.rows) == (LANDED, rows.num_rows), outcome.why
    with duckdb.connect() as connection:
        terawatt_hours = connection.execute(
            f"select round(sum(consototale) / 1e6, 1) from read_parquet('{tmp_path}/lake/ore/{SECTORS}/*.parquet')"
            " where annee = 2012 and filiere = 'Electricité'"
        ).fetchall()
    assert terawatt_hours == [(434.1,)]


def test_what_is_personal_is_never_asked_for(portal: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many lines, certificates come page by page in the columns of the catalog: addresses stand beside."""
    monkeypatch.setattr(data_fair, "MOST_LINES", 2)
    entry = CATALOG["dpe03existant"]
    texts = {name: [f"{name} {i}" for i in range(3)] for name in entry.names}
    numbers = {c.name: [80.0, 90.0, 100.0] for c in entry.columns if c.kind is Kind.NUMBER}
    days = {"date_etablissement_dpe": ["2023-01-01", "2023-01-02", "2023-02-01"]}
    codes = {"code_insee_ban": ["01001", "69001", "69002"]}
    rows = pa.table({**texts, **numbers, **days, **codes, "adresse_ban": ["1 rue A"] * 3})
    portal.datasets[entry.dataset_id] = Published(rows, "date_etablissement_dpe")
    settings = Settings(tmp_path, None, {"ademe": portal.url})
    (outcome,) = load(Lake(str(tmp_path / "lake")), [entry], settings, now=lambda: NOW, limits=IMPATIENT)
    assert (outcome.result, outcome.rows) == (LANDED, 3), outcome.why
    assert portal.calls == {"metadata": 1, "lines": 2}
    journal = [path for path in (tmp_path / "lake").rglob("*") if path.is_file()]
    assert not any(b"1 rue A" in path.read_bytes() for path in journal)
    assert all("select=" in address for address in portal.exported_lines)
