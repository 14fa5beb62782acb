"""Lands files as large as the largest published ones and sets time and memory beside copying and pandas.

    python -m research.bench.landing    # 25 million dwellings, 839 MB of ORE, 15 million certificates: 12 GB of disk
    python -m research.bench.landing --share 0.02    # a fiftieth, to try it

Also lands monthly files of half-hours in each format, 109 made up (1.9 million rows) and the 84 of the real extracts
(1.5 million, skipped where they are not here), beside one DuckDB statement that reads, types and sorts the same files.
Every job runs in a process of its own. Resident memory is the most that it had.
"""

import csv
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from loaders.catalog import CATALOG, match_columns
from research.bench.large_files import LOAD
from research.project import REAL_DATA

MONTHS = 109
# Kinds of monthly files.
MADE_UP, PUBLISHED = "made-up", "published"
CERTIFICATES, CERTIFICATE_ROWS = "dpe03existant", 15_000_000
DWELLINGS, COMMUNES = "FD_LOGEMT", "consommation-annuelle-d-electricite-et-gaz-par-commune"
ROWS, BYTES = 25_000_000, 839_000_000
MOST_MEGABYTES = 1_000
# A million rows at a time: 25 million dwellings as Python strings would not fit into memory.
PANDAS = """
import sys, pandas as pd
source, target, names = sys.argv[1], sys.argv[2], sys.argv[3].split("|")
chunks = pd.read_csv(source, sep=";", usecols=names, dtype=str, chunksize=1_000_000)
for number, chunk in enumerate(chunks):
    chunk.to_csv(target, mode="a" if number else "w", header=not number, index=False)
"""


@dataclass(frozen=True)
class Measurement:
    """What one job took."""

    file: str
    job: str
    seconds: float
    processor_seconds: float
    megabytes: float


def measured(file: str, job: str, command: Sequence[str], environment: dict[str, str] | None = None) -> Measurement:
    """Run a command to its end; CalledProcessError where it fails."""
    started = time.monotonic()
    process = subprocess.Popen(command, env={**os.environ, **(environment or {})}, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise subprocess.CalledProcessError(os.waitstatus_to_exitcode(status), command)
    processor = usage.ru_utime + usage.ru_stime
    return Measurement(file, job, time.monotonic() - started, processor, usage.ru_maxrss / 1024)


def make(kind: str, file: Path, amount: int) -> None:
    """Make a file in a process of its own: a job's memory counts from that of the process that starts it."""
    subprocess.run([sys.executable, "-m", "research.bench.large_files", kind, str(file), str(amount)], check=True)


def measure(dataset: str, file: Path, folder: Path) -> list[Measurement]:
    """Copy a CSV file, have pandas read and write the columns that are landed, land it, land it zipped."""
    with file.open(encoding="utf-8-sig", newline="") as stream:
        header = next(csv.reader(stream, delimiter=";"))
    landed = [header[position] for position in match_columns(CATALOG[dataset], header).positions.values()]
    archive = file.with_suffix(".zip")
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as sink:
        sink.write(file, file.name)
    copy, written = folder / "copy", folder / "pandas.csv"
    jobs = [
        measured(file.name, "copy the bytes", ["cp", str(file), str(copy)]),
        measured(
            file.name,
            "pandas read_csv, to_csv",
            [sys.executable, "-c", PANDAS, str(file), str(written), "|".join(landed)],
        ),
    ]
    copy.unlink()
    written.unlink()
    for source, job in ((file, "dataelec import"), (archive, "dataelec import, zipped")):
        lake = folder / "lake"
        command = [str(Path(sys.executable).with_name("dataelec")), "import", dataset, str(source)]
        jobs.append(measured(file.name, job, command, {"DATAELEC_LAKE": str(lake)}))
        shutil.rmtree(lake)
    archive.unlink()
    return jobs


# One statement for all files: what a reader costs that types and sorts the rows, and checks and merges nothing.
STATEMENT = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1] + ".duckdb")
connection.execute("set TimeZone = 'UTC'; set memory_limit = '400MB'")
connection.execute(sys.argv[2])
"""


def statement(source: Path, target: Path) -> str:
    """Return SQL that reads, types and sorts all half-hours of a folder."""
    kinds = {column.name: column.kind.sql_type for column in CATALOG[LOAD].columns if column.name != "flag_ignore"}
    texts, stamp = ", ".join(f"{name} VARCHAR" for name in kinds), "record_timestamp"
    rows = f"read_csv('{source}/*', delim = ';', header = true, all_varchar = true)"
    if source.suffix == ".json":
        columns = f"{{fields: 'STRUCT({texts})', {stamp}: 'VARCHAR'}}"
        rows = f"(select fields.*, {stamp} from read_json('{source}/*', format = 'array', columns = {columns}))"
    typed = ", ".join(
        f"try_cast({name} as {kind}) as {name}" for name, kind in (kinds | {stamp: "TIMESTAMPTZ"}).items()
    )
    return (
        f"copy (select {typed} from {rows} order by code_insee_region, date_heure, heure)"
        f" to '{target}' (format parquet, compression zstd)"
    )


def measure_months(folder: Path, kind: str, months: int) -> list[Measurement]:
    """Land monthly files in each format beside one DuckDB statement, which reads no zip: gzip's stands for it."""
    jobs = []
    for form in ("json", "csv", "csv.gz", "zip"):
        source, lake, target = folder / f"{kind}.{form}", folder / "lake", folder / "statement.parquet"
        source.mkdir()
        make(f"{kind}.{form}", source, months)
        files = sorted(map(str, source.iterdir()))
        name = f"{len(files)} {kind} files, {form}"
        if form != "zip":
            sql = statement(source, target)
            jobs.append(measured(name, "one DuckDB statement", [sys.executable, "-c", STATEMENT, str(target), sql]))
            target.with_name(f"{target.name}.duckdb").unlink()
        command = [str(Path(sys.executable).with_name("dataelec")), "import", LOAD, *files]
        jobs.append(measured(name, "dataelec import", command, {"DATAELEC_LAKE": str(lake)}))
        for left in (lake, source):
            shutil.rmtree(left)
    return jobs


def table_of_months(measurements: Sequence[Measurement]) -> str:
    """Return measurements as a Markdown table, times beside the last statement over the same rows."""
    lines = [
        "| files | job | s | processor s | times the statement | times its processor | MB resident |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    reference = measurements[0]
    for m in measurements:
        reference = m if "statement" in m.job else reference
        times = (m.seconds / reference.seconds, m.processor_seconds / reference.processor_seconds)
        lines.append(
            f"| {m.file} | {m.job} | {m.seconds:.1f} | {m.processor_seconds:.1f}"
            f" | {times[0]:.1f} | {times[1]:.1f} | {m.megabytes:.0f} |"
        )
    return "\n".join(lines)


def table(measurements: Sequence[Measurement]) -> str:
    """Return measurements as a Markdown table, times beside those of the same file's copy and pandas."""
    seconds = {(m.file, m.job): m.seconds for m in measurements}
    lines = ["| file | job | s | times copy | times pandas | MB resident |", "|---|---|---:|---:|---:|---:|"]
    for m in measurements:
        ratios = (m.seconds / seconds[m.file, job] for job in ("copy the bytes", "pandas read_csv, to_csv"))
        shown = " | ".join(f"{ratio:.1f}" for ratio in ratios)
        lines.append(f"| {m.file} | {m.job} | {m.seconds:.1f} | {shown} | {m.megabytes:.0f} |")
    return "\n".join(lines)


@click.command()
@click.option("--share", type=float, default=1.0, show_default=True, help="How large the files are.")
def main(share: float) -> None:
    """Land files as large as the largest published ones; exits with 1 where an import took more memory than it may."""
    measurements: list[Measurement] = []
    with tempfile.TemporaryDirectory(prefix="dataelec-bench-") as name:
        folder = Path(name)
        dwellings, communes = folder / "FD_LOGEMT_2022.csv", folder / f"{COMMUNES}.csv"
        make("dwellings", dwellings, int(ROWS * share))
        measurements += measure(DWELLINGS, dwellings, folder)
        dwellings.unlink()
        make("communes", communes, int(BYTES * share))
        measurements += measure(COMMUNES, communes, folder)
        communes.unlink()
        certificates = folder / f"{CERTIFICATES}.csv"
        make("certificates", certificates, int(CERTIFICATE_ROWS * share))
        measurements += measure(CERTIFICATES, certificates, folder)
        certificates.unlink()
        months = measure_months(folder, MADE_UP, max(int(MONTHS * share), 2))
        if REAL_DATA.exists():
            months += measure_months(folder, PUBLISHED, 0)
        else:
            print("The published months are skipped: the real extracts are not here (../shared/data).")
    print(table(measurements))
    print(table_of_months(months))
    too_large = [m for m in [*measurements, *months] if m.job.startswith("dataelec") and m.megabytes > MOST_MEGABYTES]
    for m in too_large:
        print(f"{m.job} of {m.file} took {m.megabytes:.0f} MB; {MOST_MEGABYTES} are allowed.", file=sys.stderr)
    if too_large:
        sys.exit(1)


if __name__ == "__main__":
    main()
