"""`load` from a stand-in portal: what is due, what lands, what is asked again."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from command.main import main
from dataelec.settings import Settings
from loaders import landing
from loaders.catalog import CATALOG
from loaders.http import Limits
from loaders.lake import Lake
from loaders.landing import import_files
from loaders.loading import FAILED, LANDED, UNCHANGED, Outcome, load
from tests.loaders import portal_stand_in as stand_in
from tests.loaders.lakes import ANNUAL, LOAD, NOW, TEMPERATURE, rows_of, temperature_file, temperature_row, tree
from tests.loaders.portal_stand_in import Published, StandIn

IMPATIENT = Limits(connect_timeout=2, read_timeout=0.4, attempts=3, first_wait=0.01, longest_wait=0.05, slow_after=0.2)
LATER = "2025-03-01T06:00:00+00:00"
BOTH = [CATALOG[TEMPERATURE], CATALOG[ANNUAL]]


def load_rows() -> pa.Table:
    """Half-hours of two regions around three UTC new years, as the portal's Parquet has them: naive, UTC."""
    moments = [
        dt.datetime(year, 1, 1) + dt.timedelta(minutes=30 * step)
        for year in (2016, 2017, 2018)
        for step in range(-3, 3)
    ]
    return pa.table(
        {
            "date_heure": pa.array([moment for moment in moments for _ in range(2)], pa.timestamp("ms")),
            "date": [str((moment + dt.timedelta(hours=1)).date()) for moment in moments for _ in range(2)],
            "heure": [f"{moment + dt.timedelta(hours=1):%H:%M}" for moment in moments for _ in range(2)],
            "code_insee_region": ["11", "53"] * len(moments),
            "region": ["Île-de-France", "Bretagne"] * len(moments),
            "consommation_brute_electricite_rte": list(range(5000, 5000 + 2 * len(moments))),
            "statut_rte": ["Définitif"] * 2 * len(moments),
            "flag_ignore": ["non"] * 2 * len(moments),
        }
    )


def temperature_rows(years: tuple[int, ...] = (2016, 2017, 2024), tmoy: float = 5.5, days: int = 3) -> pa.Table:
    dates = [dt.date(year, 1, day) for year in years for day in range(1, days + 1)]
    return pa.table(
        {
            "id": [f"{date}-11" for date in dates],
            "date": dates,
            "code_insee_region": [11] * len(dates),
            "region": ["Île-de-France"] * len(dates),
            "tmin": [1.0] * len(dates),
            "tmax": [10.0] * len(dates),
            "tmoy": [tmoy] * len(dates),
        }
    )


def month_rows(month: int, tmoy: float = 5.5, days: int = 3) -> pa.Table:
    rows = temperature_rows((2025,), tmoy, days)
    dates = pa.array([day.as_py().replace(month=month) for day in rows["date"]])
    return rows.set_column(1, "date", dates)


def annual_rows() -> pa.Table:
    return pa.table(
        {"annee": ["2023", "2024"], "code_insee_region": ["11", "11"], "consommation_brute_electricite_rte": [7e4, 6e4]}
    )


@dataclass
class World:
    """A portal, a lake and the clock."""

    portal: StandIn
    lake: Lake
    home: Path
    now: dt.datetime = NOW

    def load(self, *datasets: str, limits: Limits = IMPATIENT) -> dict[str, Outcome]:
        chosen = [CATALOG[dataset] for dataset in datasets or (LOAD, TEMPERATURE, ANNUAL)]
        settings = Settings(self.home, None, {"odre": self.portal.url})
        outcomes = load(self.lake, chosen, settings, now=lambda: self.now, limits=limits)
        return {outcome.dataset: outcome for outcome in outcomes}

    def one(self, dataset: str = TEMPERATURE, limits: Limits = IMPATIENT) -> Outcome:
        return self.load(dataset, limits=limits)[dataset]

    def rows(self, dataset: str = TEMPERATURE, columns: str = "*") -> list[tuple[object, ...]]:
        return rows_of(Path(self.lake.root), dataset, columns)

    def tree(self) -> dict[str, str]:
        return tree(Path(self.lake.root))


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    with stand_in.running() as portal:
        portal.datasets = {
            LOAD: Published(load_rows(), "date_heure"),
            TEMPERATURE: Published(temperature_rows(), "date"),
            ANNUAL: Published(annual_rows(), "annee"),
        }
        yield World(portal, Lake(str(tmp_path / "lake")), tmp_path)


def test_all_three_datasets_land_by_utc_year(world: World) -> None:
    outcomes = world.load()
    assert [outcome.result for outcome in outcomes.values()] == [LANDED] * 3
    assert outcomes[LOAD].parts == ("2015", "2016", "2017", "2018")
    assert [record.rows for record in world.lake.records(CATALOG[LOAD])] == [6, 12, 12, 6]
    assert outcomes[TEMPERATURE].parts == ("2016", "2017", "2024-01")
    assert outcomes[ANNUAL].parts == ("all",)
    first = world.rows(LOAD, "date_heure, code_insee_region, consommation_brute_electricite_rte, _source_file")[0]
    assert first == (dt.datetime(2015, 12, 31, 22, 30, tzinfo=dt.UTC), "11", 5000.0, f"{LOAD}-2015.parquet")


def test_the_manifest_says_where_rows_came_from_and_their_vintage(world: World) -> None:
    world.load(TEMPERATURE)
    record = world.lake.records(CATALOG[TEMPERATURE])[0]
    assert record.url is not None
    assert record.url.startswith(f"{world.portal.url}/api/explore/v2.1/catalog/datasets/{TEMPERATURE}/exports/parquet?")
    assert "2016-01-01" in record.url
    assert record.portal_modified_at == "2025-02-01T06:00:00+00:00"
    assert record.vintage_to == "2025-02-01T06:00:00+00:00"
    assert record.fetched_at == NOW.isoformat()


def test_a_second_load_asks_for_metadata_only_and_changes_no_byte(world: World) -> None:
    world.load()
    before = world.tree()
    world.portal.forget_calls()
    world.now += dt.timedelta(days=1)
    assert {outcome.result for outcome in world.load().values()} == {UNCHANGED}
    assert world.portal.calls == {"metadata": 3}
    assert world.tree() == before


def test_a_changed_closed_year_is_fetched_alone(world: World) -> None:
    world.portal.datasets[TEMPERATURE].rows = temperature_rows((2016, 2017, 2018))
    world.load(TEMPERATURE)
    world.portal.forget_calls()
    more = pa.concat_tables([temperature_rows((2016, 2018)), temperature_rows((2017,), days=4)])
    world.portal.publish(TEMPERATURE, more, LATER)
    outcome = world.one()
    assert (outcome.result, outcome.parts, outcome.rows) == (LANDED, ("2017",), 4)
    assert world.portal.exported == [f"{TEMPERATURE} 2017-01-01"]
    assert len(world.rows()) == 10


def test_a_changed_month_is_fetched_alone(world: World) -> None:
    """Of the years still revised, months are told apart by their number of rows and the sums of their values."""
    months = pa.concat_tables([temperature_rows((2016,)), *(month_rows(month) for month in (1, 2, 3, 4))])
    world.portal.datasets[TEMPERATURE].rows = months
    world.load(TEMPERATURE)
    world.portal.forget_calls()
    revised = pa.concat_tables(
        [temperature_rows((2016,)), month_rows(1), month_rows(2, tmoy=6.5), month_rows(3), month_rows(4, days=4)]
    )
    world.portal.publish(TEMPERATURE, revised, LATER)
    outcome = world.one()
    assert outcome.parts == ("2025-02", "2025-04")
    assert world.portal.exported == [f"{TEMPERATURE} 2025-02-01", f"{TEMPERATURE} 2025-04-01"]
    assert outcome.rows == 7
    values = world.rows(columns="month(date), tmoy")
    assert set(values) == {(1, 5.5), (2, 6.5), (3, 5.5), (4, 5.5)}
    assert len(values) == 16
    assert list(Path(world.lake.root).glob(f"_superseded/odre/{TEMPERATURE}/year=2025/*.parquet"))


def test_a_year_that_closes_is_fetched_a_last_time_as_a_whole(world: World) -> None:
    world.load(TEMPERATURE)
    world.portal.forget_calls()
    world.portal.publish(TEMPERATURE, temperature_rows((2016, 2017, 2024, 2031)), LATER)
    world.now = dt.datetime(2031, 6, 1, tzinfo=dt.UTC)
    assert world.one().parts == ("2024", "2031-01")
    world.portal.publish(TEMPERATURE, temperature_rows((2016, 2017, 2024, 2031)), "2031-07-01T00:00:00+00:00")
    assert world.one().parts == ()


def test_rows_that_are_no_longer_published_leave_the_lake(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CATALOG, TEMPERATURE, replace(CATALOG[TEMPERATURE], largest_shrinkage=0.5))
    world.load(TEMPERATURE)
    fewer = pa.concat_tables([temperature_rows((2016, 2017), days=3), temperature_rows((2024,), days=2)])
    world.portal.publish(TEMPERATURE, fewer, LATER)
    outcome = world.one()
    assert (outcome.result, outcome.parts) == (LANDED, ("2024-01",))
    assert "1 rows are no longer published and left the lake" in outcome.why
    assert len(world.rows()) == 8
    assert list(Path(world.lake.root).glob(f"_superseded/odre/{TEMPERATURE}/year=2024/*.parquet"))


def test_a_dataset_that_shrinks_is_refused(world: World) -> None:
    world.load(TEMPERATURE)
    before = world.tree()
    world.portal.publish(TEMPERATURE, temperature_rows((2016, 2017)), LATER)
    outcome = world.one()
    assert outcome.result == FAILED
    assert "has 6 rows on the portal; it had 9 when it last landed" in outcome.why
    assert "largest_shrinkage" in outcome.why
    assert world.tree() == before


def test_a_dataset_of_too_few_rows_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CATALOG, TEMPERATURE, replace(CATALOG[TEMPERATURE], fewest_rows=1_000))
    outcome = world.one()
    assert outcome.result == FAILED
    assert "announces 9 rows for" in outcome.why
    assert "which has at least 1,000" in outcome.why


def test_a_deleted_file_is_fetched_again(world: World) -> None:
    world.load(TEMPERATURE)
    (Path(world.lake.root) / f"odre/{TEMPERATURE}/year=2017/{TEMPERATURE}.parquet").unlink()
    world.portal.forget_calls()
    before = world.lake.records(CATALOG[TEMPERATURE])
    outcome = world.one()
    assert world.portal.exported == [f"{TEMPERATURE} 2017-01-01"]
    assert outcome.parts == ("2017",)
    assert [record.rows for record in world.lake.records(CATALOG[TEMPERATURE])] == [record.rows for record in before]
    assert len(world.rows()) == 9


def test_an_interrupted_load_resumes(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    landed: list[str] = []
    original = Lake.land

    def killed(lake: Lake, *arguments: object) -> None:
        if len(landed) == 1:
            raise KeyboardInterrupt
        landed.append("one")
        original(lake, *arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(Lake, "land", killed)
        with pytest.raises(KeyboardInterrupt):
            world.load(TEMPERATURE)
    assert world.portal.exported == [f"{TEMPERATURE} 2016-01-01", f"{TEMPERATURE} 2017-01-01"]
    world.portal.forget_calls()
    assert world.one().parts == ("2017", "2024-01")
    assert world.portal.exported == [f"{TEMPERATURE} 2017-01-01", f"{TEMPERATURE} 2024-01-01"]
    assert len(world.rows()) == 9


def test_one_dataset_that_fails_does_not_stop_the_others(world: World) -> None:
    del world.portal.datasets[TEMPERATURE]
    outcomes = world.load()
    assert [outcome.result for outcome in outcomes.values()] == [LANDED, FAILED, LANDED]
    assert f"ODRÉ has no dataset `{TEMPERATURE}` (HTTP 404)" in outcomes[TEMPERATURE].why
    assert "correct its id in loaders/catalog/" in outcomes[TEMPERATURE].why


def test_rows_of_an_imported_later_vintage_stay_and_are_named(world: World) -> None:
    file = temperature_file(world.home, [temperature_row("2016-01-01", tmoy=4.5)])
    import_files(world.lake, TEMPERATURE, [file], loaded_at=NOW, published_at=dt.datetime(2025, 5, 1, tzinfo=dt.UTC))
    assert "1 rows differ from the lake's, which are of a later vintage" in world.one().why
    assert (dt.date(2016, 1, 1), 4.5) in world.rows(columns="date, tmoy")


def test_a_renamed_time_column_is_asked_for_by_its_new_name(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogued = CATALOG[TEMPERATURE]
    columns = tuple(replace(c, aliases=("jour",)) if c.name == "date" else c for c in catalogued.columns)
    monkeypatch.setitem(CATALOG, TEMPERATURE, replace(catalogued, columns=columns))
    renamed = temperature_rows().rename_columns(["id", "jour", "code_insee_region", "region", "tmin", "tmax", "tmoy"])
    world.portal.datasets[TEMPERATURE] = Published(renamed, "jour")
    assert world.one().result == LANDED
    assert len(world.rows()) == 9


def test_the_real_temperatures_land_whole(world: World, real_data: Path) -> None:
    file = real_data / f"odre/{TEMPERATURE}/{TEMPERATURE}.parquet"
    world.portal.datasets[TEMPERATURE] = Published(pq.read_table(file), "date")
    world.now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    assert world.one().result == LANDED
    what = "count(*), round(sum(tmoy), 3), min(date), max(date)"
    with duckdb.connect() as connection:
        expected = connection.execute(f"select {what} from read_parquet('{file}')").fetchall()
    assert world.rows(columns=what) == expected


# --- the command line ------------------------------------------------------------------------------------------------


def call(world: World, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    monkeypatch.setenv("DATAELEC_HOME", str(world.home))
    monkeypatch.setenv("DATAELEC_LAKE", world.lake.root)
    monkeypatch.setenv("DATAELEC_ODRE_URL", world.portal.url)
    return CliRunner().invoke(main, list(arguments))


def test_load_command_closes_with_a_table(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first = call(world, monkeypatch, "load", LOAD, TEMPERATURE, ANNUAL)
    assert first.exit_code == 0, first.output
    assert f"3 landed, 0 unchanged, 0 failed ({world.lake.root})" in first.output
    row = next(line for line in first.output.splitlines() if line.startswith(TEMPERATURE))
    assert row.split() == [TEMPERATURE, "odre", "landed", "9", "0.0", "2016,", "2017,", "2024"]
    again = call(world, monkeypatch, "load", TEMPERATURE)
    assert "0 landed, 1 unchanged, 0 failed" in again.output


def test_load_command_fails_by_exit_code_and_says_why(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    del world.portal.datasets[TEMPERATURE]
    result = call(world, monkeypatch, "load", LOAD, TEMPERATURE)
    assert result.exit_code == 1
    assert "1 landed, 0 unchanged, 1 failed" in result.output
    assert f"Error: {TEMPERATURE}: ODRÉ has no dataset" in result.stderr


def test_a_dataset_without_a_portal_module_is_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CATALOG, "elsewhere", replace(CATALOG[ANNUAL], dataset_id="elsewhere", portal="nowhere"))
    result = call(world, monkeypatch, "load", "elsewhere")
    assert result.exit_code == 1
    assert "`elsewhere` is not loaded from a portal" in result.stderr
    assert "dataelec import elsewhere FILE" in result.stderr


def test_load_refuses_a_simulated_lake(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    landing.land_tables(world.lake, {TEMPERATURE: temperature_rows()}, is_simulated=True, loaded_at=NOW, vintage_at=NOW)
    before = world.tree()
    result = call(world, monkeypatch, "load", TEMPERATURE)
    assert result.exit_code == 1
    assert "holds simulated rows" in result.stderr
    assert world.tree() == before
    assert not world.portal.calls


def test_sources_check_agrees_or_names_the_drift(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    fine = call(world, monkeypatch, "sources", "--check", TEMPERATURE)
    assert fine.exit_code == 0, fine.output
    assert "ok" in fine.output
    published = world.portal.datasets[TEMPERATURE]
    published.rows = published.rows.append_column("tmed", pa.array([1.0] * 9))
    published.types = {"tmin": "text"}
    drifted = call(world, monkeypatch, "sources", "--check", TEMPERATURE)
    assert drifted.exit_code == 1
    assert "new column `tmed` (double)" in drifted.output
    assert "column `tmin` is text, not int or double" in drifted.output
    del world.portal.datasets[TEMPERATURE]
    gone = call(world, monkeypatch, "sources", "--check", TEMPERATURE)
    assert gone.exit_code == 1
    assert f"ODRÉ has no dataset `{TEMPERATURE}`" in gone.stderr
    assert world.portal.calls["export"] == 0


def test_verify_finds_missing_altered_and_foreign_files(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.load(TEMPERATURE)
    sound = call(world, monkeypatch, "verify")
    assert sound.exit_code == 0, sound.output
    folder = Path(world.lake.root) / f"odre/{TEMPERATURE}"
    (folder / f"year=2016/{TEMPERATURE}.parquet").unlink()
    with (folder / f"year=2017/{TEMPERATURE}.parquet").open("ab") as stream:
        stream.write(b"x")
    (folder / "year=2017/mine.parquet").write_bytes(b"x")
    found = call(world, monkeypatch, "verify")
    assert found.exit_code == 1
    assert f"missing: odre/{TEMPERATURE}/year=2016/{TEMPERATURE}.parquet" in found.stdout
    assert f"altered: odre/{TEMPERATURE}/year=2017/{TEMPERATURE}.parquet" in found.stdout
    assert f"foreign: odre/{TEMPERATURE}/year=2017/mine.parquet" in found.stdout
    assert len(found.stdout.splitlines()) == 3


def test_no_key_or_password_reaches_lake_or_output(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world.portal, "url", world.portal.url.replace("//", "//someone:hunter2@"))
    del world.portal.datasets[ANNUAL]
    result = call(world, monkeypatch, "load", LOAD, TEMPERATURE, ANNUAL)
    assert result.exit_code == 1
    assert "hunter2" not in result.output + result.stderr
    written = [path for path in Path(world.lake.root).rglob("*") if path.is_file()]
    assert written
    assert not [path for path in written if b"hunter2" in path.read_bytes()]
    seen = json.loads((Path(world.lake.root) / f"_portal/{TEMPERATURE}.json").read_text())
    assert sorted(seen["parts"]) == ["2016", "2017", "2024"]
