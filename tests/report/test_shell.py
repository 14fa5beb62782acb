"""The DuckDB command line that `make shell` opens, driven as people drive it: through a pipe and on a terminal."""

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from research.project import PROJECT

DATAELEC = str(Path(sys.executable).parent / "dataelec")

# The command line asks a terminal what it is and where its cursor stands, and waits for the answers.
ANSWERS = {"\x1b[c": b"\x1b[?1;0c", "\x1b[6n": b"\x1b[1;1R"}
SLOPES = (
    "select territory_code, heating_slope_mw_per_c from weather_sensitivity"
    " where window_code = 'all' and specification_code = 'free' and heating_slope_mw_per_c is not null order by 1"
)


@pytest.fixture
def database(sample_warehouse: Path, tmp_path: Path) -> Path:
    return Path(shutil.copyfile(sample_warehouse, tmp_path / "simulated.duckdb"))


def ask(database: Path, *queries: str, target: str = "sample") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [DATAELEC, "shell", "--target", target],
        input="\n".join([".mode csv", *queries]),
        cwd=PROJECT,
        env={**os.environ, "DATAELEC_DATABASE": str(database), "TZ": "Asia/Tokyo"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_piped_query_finds_marts_without_their_schema(database: Path) -> None:
    answered = ask(database, f"{SLOPES};", "select max(load_peak_at_utc) from consumption_by_period;")
    assert answered.returncode == 0, answered.stderr
    header, *lines, _, peak = answered.stdout.splitlines()
    assert header == "territory_code,heating_slope_mw_per_c"
    with duckdb.connect(str(database), read_only=True) as warehouse:
        warehouse.execute("set search_path = 'analysis'")
        expected = warehouse.execute(SLOPES).fetchall()
        latest = warehouse.execute(
            "select max(load_peak_at_utc) at time zone 'UTC' from consumption_by_period"
        ).fetchone()
    assert [(code, float(slope)) for code, slope in (line.split(",") for line in lines)] == expected
    assert latest is not None
    assert peak == f"{latest[0]:%Y-%m-%d %H:%M:%S}+00"


def test_nothing_can_be_written(database: Path) -> None:
    refused = ask(database, "create table core.mine as select 1 as one;")
    assert "read-only" in refused.stderr


def test_an_open_shell_keeps_no_build_waiting(database: Path) -> None:
    with subprocess.Popen(
        [DATAELEC, "shell"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
        env={**os.environ, "DATAELEC_DATABASE": str(database)},
    ) as shell:
        assert shell.stdin
        assert shell.stdout
        shell.stdin.write(".mode csv\nselect count(*) as answers from weather_sensitivity;\n")
        shell.stdin.flush()
        assert shell.stdout.readline().strip() == "answers"
        with duckdb.connect(str(database)) as build:
            build.execute("create table core.built_meanwhile as select 1 as one")
        shell.stdin.close()
    answered = ask(database, "select one from built_meanwhile;")
    assert answered.stdout.splitlines() == ["one", "1"]


def test_while_a_build_writes(database: Path) -> None:
    query = "select count(*) as regions from dim_regions;"
    writer = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", writer, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as build:
        assert build.stdout
        assert build.stdin
        assert build.stdout.readline() == "held\n"
        refused = ask(database, query)
        assert refused.returncode == 1
        assert "is being written" in refused.stderr
        assert "try again later" in refused.stderr
        assert "Traceback" not in refused.stderr
        build.stdin.close()
    assert ask(database, query).stdout.splitlines() == ["regions", "18"]
    os.utime(database)
    with subprocess.Popen(
        [sys.executable, "-c", writer, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as build:
        assert build.stdout
        assert build.stdin
        assert build.stdout.readline() == "held\n"
        answered = ask(database, query)
        assert answered.stdout.splitlines() == ["regions", "18"]
        assert "Opening the copy made before" in answered.stderr
        build.stdin.close()


def test_no_database(tmp_path: Path) -> None:
    refused = ask(tmp_path / "none.duckdb", "select 1;")
    assert refused.returncode == 1
    assert "`dataelec build` makes" in refused.stderr


def test_simulated_data_is_no_answer_to_a_question_of_real_data(database: Path) -> None:
    refused = ask(database, "select 1 as one;", target="live")
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert "holds SIMULATED DATA" in refused.stderr
    assert "unset DATAELEC_DATABASE" in refused.stderr


def test_the_welcome_on_a_terminal_names_tables_and_its_queries_run(database: Path) -> None:
    master, terminal = pty.openpty()
    with killed_at_the_end(
        [DATAELEC, "shell"],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        cwd=PROJECT,
        env={**os.environ, "DATAELEC_DATABASE": str(database)},
        start_new_session=True,
    ) as shell:
        os.close(terminal)
        shown = read_until(master, ".quit leaves.")
        read_until(master, "D ")
        os.write(master, b".quit\r")
        read_until(master, None)
        assert shell.wait(timeout=20) == 0
    os.close(master)
    assert "SIMULATED DATA" in shown
    for table in ("weather_sensitivity", "consumption_by_period", "fct_half_hourly_load", "dim_regions"):
        assert table in shown
    queries = shown.split("--")[1:]
    assert len(queries) == 4
    for query in queries:
        statement = query.split("?", 1)[1].split(";")[0]
        answered = ask(database, f"{statement};")
        assert len(answered.stdout.splitlines()) > 5, (statement, answered.stderr)
        assert answered.stderr == ""


@contextmanager
def killed_at_the_end(command: list[str], **settings: Any) -> Iterator[subprocess.Popen[str]]:
    """A process that a failing test does not wait for."""
    process = subprocess.Popen(command, **settings)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def read_until(master: int, mark: str | None, seconds: float = 20) -> str:
    """What a terminal shows up to a mark, or to its end."""
    shown, end = "", time.monotonic() + seconds
    while mark is None or mark not in shown:
        assert time.monotonic() < end, shown
        if select.select([master], [], [], 0.1)[0]:
            try:
                piece = os.read(master, 4096)
            except OSError:
                break
            if not piece:
                break
            said = piece.decode(errors="replace")
            for question, answer in ANSWERS.items():
                if question in said:
                    os.write(master, answer)
            shown += said.replace("\r\n", "\n")
    return shown
