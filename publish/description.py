"""The machine-readable description of an edition (Frictionless Data Package, version 1) and its data dictionary."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dataelec.warehouse import Warehouse, WarehouseError
from publish.tables import PublishedColumn, Table

LICENCE_NAMES = {"Licence Ouverte / Open Licence (Etalab)": "etalab-2.0"}
LICENCE_PAGE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence"
SIMULATED = "SIMULATED DATA, not to be quoted. "
PROVENANCE = "analysis.data_provenance"
INSTANTS = "%Y-%m-%dT%H:%M:%SZ"
ANSWERS = "answers.xlsx"
SUFFIXES = {"csv": "csv.gz", "parquet": "parquet"}
"""Forms of a table's file, and how its name ends."""
MEDIA_TYPES = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
DICTIONARY = ("table_schema", "table_name", "column_name", "column_type", "unit", "description")


@dataclass(frozen=True)
class Source:
    """One dataset that the warehouse was built from, as `analysis.data_provenance` has it."""

    dataset: str
    attribution: str
    licence: str
    url: str | None
    first_day: str | None
    last_day: str | None
    vintage_at: str | None
    """Publication instant of its newest row."""
    fetched_at: str
    """When its newest rows were landed."""
    rows: int
    proof: str
    """What its reading was proved on: `real_files` or `simulated_only`."""


@dataclass(frozen=True)
class File:
    """One file of an edition, relative to the published folder."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Edition:
    """What every description says of the whole: when it was published, from what, whether that is simulated."""

    name: str
    created: str
    is_simulated: bool
    sources: tuple[Source, ...]

    @property
    def folder(self) -> str:
        """The folder of its files, relative to the published folder."""
        return f"editions/{self.name}"


def read_sources(warehouse: Warehouse) -> tuple[Source, ...]:
    """Return the datasets that the warehouse was built from, as it says itself."""
    return tuple(
        Source(**row)
        for row in warehouse.rows(
            f"""
            select
                dataset_code as dataset,
                attribution_fr as attribution,
                licence_label_fr as licence,
                list_min(string_split(source_urls, ' ')) as url,
                cast(first_day as varchar) as first_day,
                cast(last_day as varchar) as last_day,
                strftime(vintage_to_at, $instants) as vintage_at,
                strftime(fetched_at, $instants) as fetched_at,
                rows_count as rows,
                proof_code as proof
            from {PROVENANCE}
            where is_held
            order by dataset_code
            """,
            {"instants": INSTANTS},
        )
    )


def new_edition(warehouse: Warehouse, database: Path) -> Edition:
    """Name a new edition after this instant, with the sources that the warehouse was built from."""
    sources = () if warehouse.missing({PROVENANCE: ()}) else read_sources(warehouse)
    if not sources:
        raise WarehouseError(
            f"{database} does not say what it was built from: {PROVENANCE} is missing or has no dataset.",
            "Run `dataelec build`: it makes the whole.",
        )
    now = datetime.now(UTC)
    name, created = now.strftime("%Y%m%dT%H%M%SZ"), now.isoformat(timespec="seconds")
    return Edition(name, created, warehouse.is_simulated(), sources)


def describe(edition: Edition, tables: Sequence[Table], files: Mapping[tuple[str, str], File]) -> dict[str, Any]:
    """Return the content of datapackage.json; `files` are keyed by table and form, others by their use."""
    label = SIMULATED if edition.is_simulated else ""
    return {
        "profile": "data-package",
        "name": "dataelec",
        "title": f"{label}DataElec: French electricity consumption and its sensitivity to temperature",
        "description": (
            f"{label}Every mart of the warehouse as Parquet and, where a sheet holds its rows, as CSV compressed by"
            " gzip. Codes are text with their zeros, instants are UTC, days are French local days, an empty CSV cell is"
            " a missing value or an empty text."
        ),
        "version": edition.name,
        "created": edition.created,
        "simulated": edition.is_simulated,
        "licenses": [
            # Nothing more is known of a file that was imported.
            {"name": LICENCE_NAMES[licence], "title": licence, "path": LICENCE_PAGE}
            if licence in LICENCE_NAMES
            else {"name": "other-open", "title": licence}
            for licence in sorted({source.licence for source in edition.sources})
        ],
        "sources": [_source_entry(source) for source in edition.sources],
        "resources": [
            _dictionary_resource(files["", "dictionary"]),
            *([_answers_resource(files["", "answers"], label)] if ("", "answers") in files else []),
            *(
                _resource(table, form, files[table.full_name, form], label)
                for table in tables
                for form in SUFFIXES
                if (table.full_name, form) in files
            ),
        ],
    }


def _source_entry(source: Source) -> dict[str, Any]:
    entry = {
        "title": source.attribution,
        "path": source.url,
        "dataset": source.dataset,
        "firstDay": source.first_day,
        "lastDay": source.last_day,
        "vintage": source.vintage_at,
        "landed": source.fetched_at,
        "rows": source.rows,
        "readingProvedOn": source.proof,
    }
    return {name: value for name, value in entry.items() if value is not None}


def _resource(table: Table, form: str, file: File, label: str) -> dict[str, Any]:
    is_csv = form == "csv"
    read_as = {"compression": "gz", "encoding": "utf-8", "dialect": {"delimiter": ",", "doubleQuote": True}}
    return {
        "profile": "tabular-data-resource" if is_csv else "data-resource",
        "name": table.full_name if is_csv else f"{table.full_name}.parquet",
        "title": f"{label}{table.full_name}",
        "description": f"{label}{table.description}",
        **_file_entry(file, form),
        **(read_as if is_csv else {}),
        "schema": {"fields": [_field(column) for column in table.columns], "missingValues": [""]},
    }


def _dictionary_resource(file: File) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": "data_dictionary",
        "title": "Data dictionary",
        "description": "One row per column of every table: its type, its unit, what it means and its French term.",
        **_file_entry(file, "csv"),
        "encoding": "utf-8",
        "schema": {"fields": [{"name": name, "type": "string"} for name in DICTIONARY], "missingValues": [""]},
    }


def _answers_resource(file: File, label: str) -> dict[str, Any]:
    return {
        "profile": "data-resource",
        "name": "answers",
        "title": f"{label}Worked questions and their answers",
        "description": f"{label}A spreadsheet: the questions and their meaning, a sheet an answer, the sources.",
        **_file_entry(file, "xlsx"),
    }


def _file_entry(file: File, form: str) -> dict[str, Any]:
    return {
        "path": file.path,
        "format": form,
        "mediatype": MEDIA_TYPES[form],
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
    }


def _field(column: PublishedColumn) -> dict[str, Any]:
    unit = {"unit": column.unit} if column.unit else {}
    return {"name": column.name, "type": column.field_type, **unit, "description": column.description}


def dictionary(tables: Sequence[Table]) -> str:
    """Return the data dictionary as CSV text: one line per column of every table."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(DICTIONARY)
    for table in tables:
        for column in table.columns:
            unit = column.unit or ""
            writer.writerow(
                (table.schema, table.name, column.name, column.field_type, unit, column.description),
            )
    return text.getvalue()
