"""Kills imports at random moments and runs commands in pairs: nothing is lost, doubled or left behind.

    python -m research.stress                        # 200 kills, 50 pairs
    python -m research.stress --kills 20 --pairs 5

Each import lands one year of temperatures, revised each time. After each kill the rows that are read are those before
or those after; at the end the lake equals one that nobody disturbed, but for the times of landing.
"""

import argparse
import datetime as dt
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import duckdb

from loaders.catalog import CATALOG
from loaders.lake import Lake
from loaders.landing import import_files
from loaders.pinning import pin
from loaders.verification import verify

DATASET = "temperature-quotidienne-regionale"
FIRST = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
DATAELEC = Path(sys.executable).parent / "dataelec"
Values = list[tuple[object, ...]]


def write(folder: Path, number: int) -> Path:
    """Write an export of 366 days whose mean temperatures are this number's, with new days at each number."""
    file = folder / f"{number}.csv"
    days = [dt.date(2020, 1, 1) + dt.timedelta(days=day) for day in range(200 + number % 166)]
    rows = [f"{day};11;-20;45;{10 + number % 20}" for day in days]
    file.write_text("\n".join(["date;code_insee_region;tmin;tmax;tmoy", *rows, ""]))
    return file


def import_command(lake: Path, file: Path, number: int) -> list[str]:
    at = (FIRST + dt.timedelta(hours=number)).isoformat()
    return [str(DATAELEC), "import", DATASET, str(file), "--published-at", at, "--lake", str(lake)]


def read(lake: Path, folder: Path) -> Values:
    """Return what a build would read now."""
    copy = folder / "copy"
    pin(Lake(str(lake)), copy)
    if not (copy / "odre").exists():
        return []
    with duckdb.connect() as connection:
        return connection.execute(
            f"select date::varchar, code_insee_region, tmoy from read_parquet('{copy}/odre/{DATASET}/**/*.parquet',"
            " union_by_name = true, hive_partitioning = false) order by all"
        ).fetchall()


def killed(command: Sequence[str], environment: dict[str, str], seconds: float) -> bool:
    """Run a command and kill it after so long; say whether it was still running."""
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True
    return False


def expect(condition: bool, what: str) -> None:
    if not condition:
        sys.exit(f"Stress: {what}.")


def kills(folder: Path, number: int, environment: dict[str, str]) -> None:
    """Kill imports, import again, and compare with a lake that was left alone."""
    lake, alone = folder / "lake", folder / "alone"
    started = time.monotonic()
    subprocess.run(import_command(lake, write(folder, 0), 0), check=True, env=environment, stdout=subprocess.DEVNULL)
    usual = time.monotonic() - started
    before, hits = read(lake, folder), 0
    for turn in range(1, number + 1):
        file = write(folder, turn)
        hits += killed(import_command(lake, file, turn), environment, random.uniform(0.2, 1.1) * usual)
        between = read(lake, folder)
        subprocess.run(import_command(lake, file, turn), check=True, env=environment, stdout=subprocess.DEVNULL)
        after = read(lake, folder)
        expect(between in (before, after), f"a mixture was read after kill {turn}")
        expect(len({row[:2] for row in after}) == len(after), f"rows were doubled by kill {turn}")
        before = after
    for turn in range(number + 1):
        at = FIRST + dt.timedelta(hours=turn)
        import_files(Lake(str(alone)), DATASET, [write(folder, turn)], loaded_at=at, published_at=at)
    expect(read(alone, folder) == before, "the rows are not those of a lake that was left alone")
    states = [[v.replaced_by_vintage for v in Lake(str(root)).vintages(CATALOG[DATASET])] for root in (lake, alone)]
    expect(states[0] == states[1], "the earlier states are not those of a lake that was left alone")
    expect(verify(Lake(str(lake))).is_sound, "a file is not as it was landed")
    expect(not (lake / "_staging").exists(), "something staged was left behind")
    print(f"{number} imports, {hits} of them killed: nothing lost, nothing doubled, nothing left in the lake")


def pairs(folder: Path, number: int, environment: dict[str, str]) -> None:
    """Start two imports at once: one or both land, the other is told why not."""
    lake, refused = folder / "pairs", 0
    for turn in range(number):
        numbers = (2 * turn + 1, 2 * turn + 2)
        commands = [import_command(lake, write(folder, n), n) for n in numbers]
        running = [
            subprocess.Popen(c, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            for c in commands
        ]
        for process in running:
            _, said = process.communicate()
            told = "Another `dataelec` command is writing" in said
            expect(process.returncode == 0 or told, f"a command failed without a clear word: {said}")
            refused += told
        found = read(lake, folder)
        expect(len({row[:2] for row in found}) == len(found), f"rows were doubled by pair {turn}")
        expect(verify(Lake(str(lake))).is_sound, f"a file is not as it was landed after pair {turn}")
    print(f"{number} pairs: {refused} commands were told to wait, the others landed")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--pairs", type=int, default=50)
    parser.add_argument("--seed", type=int, default=20250101)
    arguments = parser.parse_args()
    random.seed(arguments.seed)
    with tempfile.TemporaryDirectory(prefix="stress-") as name:
        folder = Path(name)
        temporary = folder / "tmp"
        temporary.mkdir()
        environment = {**os.environ, "TMPDIR": str(temporary)}
        kills(folder, arguments.kills, environment)
        pairs(folder, arguments.pairs, environment)
        left = [path.name for path in temporary.glob("dataelec-*")]
        expect(len(left) <= 1, f"working folders were left behind: {left}")


if __name__ == "__main__":
    main()
