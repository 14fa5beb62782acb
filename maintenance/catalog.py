"""Writes what dbt repeats of the catalog: the seed of datasets, and in the sources' YAML what dates their rows.

dbt cannot read Python, so titles, proofs and freshness stand in files of its own; the catalog alone is edited.
"""

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path

from dataelec.errors import DataElecError
from loaders.catalog import CATALOG, Dataset, Kind

SEED = Path("seeds/quality/datasets.csv")
SOURCES = Path("models/staging")
SEED_COLUMNS = ("dataset_code", "dataset_label_fr", "proof_code")
TABLE = "      - name: "
IDENTIFIER = re.compile(r"^        identifier: (\S+)$", re.MULTILINE)
WRITTEN = re.compile(r"^        (?:freshness|loaded_at_field): .*\n", re.MULTILINE)


def expected(home: Path) -> Mapping[Path, str]:
    """Return each file of the project at `home` as the catalog has it; DataElecError where a dataset has no table."""
    paths = sorted((home / SOURCES).glob("*/_*__sources.yml"))
    texts = {path: path.read_text(encoding="utf-8") for path in paths}
    found = {identifier for text in texts.values() for identifier in IDENTIFIER.findall(text)}
    for dataset in CATALOG.values():
        if dataset.dataset_id not in found:
            raise DataElecError(
                f"No file in {SOURCES} has a table with `identifier: {dataset.dataset_id}`.",
                "Add the table with its name and description; `dataelec catalog` writes what dates its rows.",
            )
    if strangers := found - set(CATALOG):
        raise DataElecError(
            f"{SOURCES} has a table with `identifier: {min(strangers)}`, which is not a dataset of the catalog.",
            "Add it to loaders/catalog, or take the table away.",
        )
    return {home / SEED: seed_text(), **{path: sources_text(text) for path, text in texts.items()}}


def different(home: Path) -> list[Path]:
    """Return the files of the project at `home` that do not say what the catalog says."""
    return [path for path, text in expected(home).items() if path.read_text(encoding="utf-8") != text]


def write(home: Path) -> list[Path]:
    """Write the files that do not say what the catalog says; return them."""
    texts, outdated = expected(home), different(home)
    for path in outdated:
        path.write_text(texts[path], encoding="utf-8")
    return outdated


def seed_text() -> str:
    """Return the seed: every dataset with its title and what its reading was proved on."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(SEED_COLUMNS)
    for dataset in CATALOG.values():
        writer.writerow((dataset.dataset_id, dataset.title, "real_files" if dataset.is_proved else "simulated_only"))
    return text.getvalue()


def sources_text(text: str) -> str:
    """Return a sources file with the freshness of each of its tables as the catalog has it."""
    head, *tables = text.split(TABLE)
    return TABLE.join([head, *map(_dated, tables)])


def _dated(table: str) -> str:
    identifier = IDENTIFIER.search(table)
    if identifier is None:
        return table
    return WRITTEN.sub("", table).rstrip("\n") + "\n" + _freshness(CATALOG[identifier[1]])


def _freshness(dataset: Dataset) -> str:
    """Return the lines that make dbt warn of what `dataelec status` calls late."""
    if dataset.is_frozen:
        return ""
    field = {Kind.INSTANT: "{}", Kind.DATE: "({} + 1)::timestamptz"}.get(dataset.column(dataset.time_column).kind)
    return (
        f"        loaded_at_field: {field.format(dataset.time_column)}\n" if field else ""
    ) + f"        freshness: {{warn_after: {{count: {dataset.rhythm_days}, period: day}}}}\n"
