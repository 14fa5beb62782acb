"""Warehouses built from a bucket, and as of a day, equal those built from a folder that holds the same."""

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from loaders.catalog import CATALOG
from loaders.dbt_plugin import reading_copy
from loaders.lake import Lake
from research.project import PROJECT, build, run
from tests.loaders.lakes import tree

# Each builds warehouses.
pytestmark = pytest.mark.slow

LOAD, TEMPERATURE = "consommation-quotidienne-brute-regionale", "temperature-quotidienne-regionale"
NO_TESTS = ("--exclude-resource-type", "test", "--exclude-resource-type", "unit_test")
SLOPES = ("--select", "+weather_sensitivity", "+data_revisions", *NO_TESTS)


@pytest.fixture
def emulator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a bucket in `gcp-storage-emulator`."""
    program = os.environ.get("DATAELEC_GCS_EMULATOR") or str(PROJECT / ".venv-gcs/bin/gcp-storage-emulator")
    if not shutil.which(program):
        pytest.skip("gcp-storage-emulator is not here: `make .venv-gcs/ready` makes its environment")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    arguments = ["--host", "127.0.0.1", "--port", str(port), "--in-memory", "-q", "--default-bucket", "lakes"]
    quiet = subprocess.DEVNULL
    started = subprocess.Popen([program, "start", *arguments], cwd=tmp_path, stdout=quiet, stderr=quiet)
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT", "false")
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    try:
        for _ in range(100):
            with socket.socket() as trial:
                if trial.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield "gs://lakes/sample"
    finally:
        started.terminate()
        started.wait()


def grains(target: Path) -> dict[str, list[str]]:
    """Return the key of every mart, by the mart's name in the warehouse."""
    nodes = json.loads((target / "manifest.json").read_text())["nodes"]
    keys = {
        node["attached_node"]: node["test_metadata"]["kwargs"]["columns"]
        for node in nodes.values()
        if (node.get("test_metadata") or {}).get("name") == "unique_grain"
    }
    marts = [name for name, node in nodes.items() if node["schema"] in ("core", "analysis")]
    return {f"{nodes[name]['schema']}.{nodes[name]['name']}": keys[name] for name in marts if name in keys}


def differing(databases: duckdb.DuckDBPyConnection, table: str, key: list[str]) -> int:
    """Count the rows of a table that stand in one of the databases `one` and `other` alone, or differ.

    DuckDB adds up in whatever order its threads come: two builds of one folder differ in a number's last digits.
    """
    same = [
        f"(x.{name} is not distinct from y.{name}"
        + (f" or abs(x.{name} - y.{name}) <= 1e-6 + 1e-9 * abs(x.{name}))" if kind == "DOUBLE" else ")")
        for name, kind, *_ in databases.execute(f"describe one.{table}").fetchall()
    ]
    on = " and ".join(f"x.{name} is not distinct from y.{name}" for name in key)
    ((found,),) = databases.execute(
        f"select count(*) from one.{table} as x full join other.{table} as y on {on}"
        f" where ({' and '.join(same)}) is not true"
    ).fetchall()
    return int(found)


def test_every_mart_built_from_a_bucket_equals_the_folders(
    sample_lake: Path, sample_warehouse: Path, emulator: str, tmp_path: Path
) -> None:
    copied = run("dataelec", "copy", sample_lake, emulator)
    assert copied.returncode == 0, copied.stderr
    database = tmp_path / "bucket.duckdb"
    built = build(emulator, database, "sample", *NO_TESTS)
    assert built.returncode == 0, built.stdout[-3000:]
    assert tree(reading_copy(str(database))) == tree(reading_copy(str(sample_warehouse)))
    marts = grains(tmp_path / "target")
    with duckdb.connect() as both:
        both.execute(f"attach '{database}' as one (read_only)")
        both.execute(f"attach '{sample_warehouse}' as other (read_only)")
        held = [
            sorted(
                both.execute(
                    "select table_schema || '.' || table_name from information_schema.tables"
                    " where table_catalog = ? and table_schema in ('core', 'analysis')",
                    [name],
                ).fetchall()
            )
            for name in ("one", "other")
        ]
        assert held[0] == held[1] == sorted((name,) for name in marts)
        assert {name: differing(both, name, key) for name, key in marts.items()} == dict.fromkeys(marts, 0)
    status = run("dataelec", "status", "--lake", emulator)
    assert status.stdout.splitlines()[0] == f"{emulator} (simulated rows)"


def test_a_build_as_of_a_day_has_the_slopes_that_were_known_then(sample_lake: Path, tmp_path: Path) -> None:
    """A revised month moves the slopes; looking back, and restoring, bring the earlier ones back."""
    lake, database = tmp_path / "lake", tmp_path / "x.duckdb"
    file = tmp_path / "rows.parquet"

    def import_(dataset: str, published_at: str, columns: str = "*", where: str = "true") -> None:
        """Land rows of two regions, so that their fits are soon made."""
        with duckdb.connect() as connection:
            connection.execute(
                f"copy (select {columns} from (select * exclude (_vintage_at, _loaded_at, _source_file, _is_simulated)"
                f" from read_parquet('{sample_lake}/odre/{dataset}/year=*/*.parquet', hive_partitioning = false))"
                f" where code_insee_region in ('11', '84') and {where}) to '{file}'"
            )
        done = run("dataelec", "import", dataset, file, "--published-at", published_at, "--lake", lake)
        assert done.returncode == 0, done.stderr

    def slopes() -> list[tuple[object, ...]]:
        built = build(lake, database, "live", *SLOPES)
        assert built.returncode == 0, built.stdout[-3000:]
        return rows(
            "select territory_code, window_code, specification_code, client_type_code, heating_slope_mw_per_c"
            " from analysis.weather_sensitivity where heating_slope_mw_per_c is not null order by all"
        )

    def rows(query: str) -> list[tuple[object, ...]]:
        with duckdb.connect(str(database), read_only=True) as warehouse:
            return warehouse.execute(query).fetchall()

    for dataset in (LOAD, TEMPERATURE):
        import_(dataset, "2026-01-15")
    earlier, first = slopes(), tree(lake / "odre")
    counts = "select count(*), count(distinct (region_code, date_day)) from core.fct_daily_load"
    before = rows(counts)
    warmer = "* replace (tmoy + 1 as tmoy, tmax + 1 as tmax)"
    import_(TEMPERATURE, "2026-02-15", warmer, "year(date) = 2020 and month(date) = 1")
    later = slopes()
    assert rows(counts) == before, "no row is doubled"
    moved = rows(
        "select published_column_name, period_start_on::varchar, is_last_revision, round(value_change_largest, 9)"
        " from analysis.data_revisions order by all"
    )
    assert moved == [(name, "2020-01-01", True, 1.0) for name in ("tmax", "tmoy")]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATAELEC_AS_OF", "2026-01-31")
        back = slopes()
    assert len(earlier) > 20
    assert close(earlier, back)
    assert not close(earlier, later)
    (replaced,) = Lake(str(lake)).vintages(CATALOG[TEMPERATURE])
    restored = run("dataelec", "restore", TEMPERATURE, replaced.vintage_id, "--lake", lake)
    assert restored.returncode == 0, restored.stderr
    assert tree(lake / "odre") == first


def close(one: list[tuple[object, ...]], other: list[tuple[object, ...]]) -> bool:
    """Say whether two lists have the same keys and slopes that are equal to 1e-9."""
    return [row[:-1] for row in one] == [row[:-1] for row in other] and all(
        abs(float(str(a[-1])) - float(str(b[-1]))) <= 1e-9 * abs(float(str(a[-1])))
        for a, b in zip(one, other, strict=True)
    )
