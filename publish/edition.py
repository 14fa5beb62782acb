"""Publishes an edition into a folder or a bucket: files first, the description that names them last.

datapackage.json             names the files of the edition that counts; replacing it is the one step that publishes
latest/                      the same files at addresses that stay: a link that is swapped (in a bucket copies)
README.md, README.fr.md      the same for people, with ready-made queries
editions/<edition>/          files of one edition, which never change; the edition before the last stays for its readers
"""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from dataelec.errors import DataElecError
from dataelec.warehouse import Warehouse
from loaders.lake import sha256_of
from loaders.storage import Storage
from publish.answers import Question, write_answers
from publish.description import ANSWERS, INSTANTS, SUFFIXES, Edition, File, describe, dictionary
from publish.tables import Table

DESCRIPTION = "datapackage.json"
LATEST = "latest"
GUIDES = {"README.md": "guide.md", "README.fr.md": "guide.fr.md"}
SPREADSHEET_ROWS = 1_048_575


def publish(
    root: str, warehouse: Warehouse, tables: Sequence[Table], edition: Edition, questions: Sequence[Question] = ()
) -> tuple[dict[str, Any], bool]:
    """Write the edition to `root` and make it the one that counts.

    Return the description of the edition that counts then, and whether it is new: False where the content is the same.
    """
    storage = Storage(root)
    with storage.lock():
        published = published_package(storage)
        _reject_mixed_edition(root, published, edition)
        with tempfile.TemporaryDirectory(prefix="dataelec-publish-") as folder:
            files = write_files(warehouse, tables, edition, questions, Path(folder))
            if published is not None and _is_same(published, tables, edition, files):
                # Whoever published it may have been killed before the last steps.
                _show(storage, published, tables)
                _clear(storage, keep=set(_newest_editions(storage)) | {published["version"]})
                return published, False
            for file in files.values():
                storage.put(Path(folder) / file.path, file.path)
        package = describe(edition, tables, files)
        storage.write(f"{edition.folder}/{DESCRIPTION}", _json(_seen_from(edition.folder, package)))
        storage.write(DESCRIPTION, _json(package))
        _show(storage, package, tables)
        _clear(storage, keep={edition.name, *([published["version"]] if published else [])})
    return package, True


def _show(storage: Storage, package: dict[str, Any], tables: Sequence[Table]) -> None:
    """Make the addresses that stay, and the pages for people, those of an edition."""
    storage.point(LATEST, f"editions/{package['version']}", DESCRIPTION)
    for name, template in GUIDES.items():
        storage.write(name, guide(template, package, tables).encode())


def _json(package: dict[str, Any]) -> bytes:
    return (json.dumps(package, indent=1, ensure_ascii=False) + "\n").encode()


def _seen_from(folder: str, package: dict[str, Any]) -> dict[str, Any]:
    """Return a description whose paths start at the edition's own folder."""
    resources = [{**each, "path": each["path"].removeprefix(f"{folder}/")} for each in package["resources"]]
    return {**package, "resources": resources}


def published_package(storage: Storage) -> dict[str, Any] | None:
    """Return the description of the edition that counts, or None where nothing was published yet."""
    if not storage.exists(DESCRIPTION):
        return None
    package: dict[str, Any] = json.loads(storage.read(DESCRIPTION))
    return package


def write_files(
    warehouse: Warehouse, tables: Sequence[Table], edition: Edition, questions: Sequence[Question], folder: Path
) -> dict[tuple[str, str], File]:
    """Write all files of an edition below a local folder; the same rows give the same bytes.

    What no sheet holds is not written as CSV: it would be half of the whole, for programs that read Parquet.
    """
    files = {}
    for table in tables:
        rows = f"select * from {table.full_name} order by all"
        (counted,) = warehouse.rows(f"select count(*) as rows_count from {table.full_name}")
        for form, suffix in SUFFIXES.items():
            if form == "csv" and counted["rows_count"] > SPREADSHEET_ROWS:
                continue
            path = f"{edition.folder}/{table.schema}/{table.name}.{suffix}"
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            warehouse.write(rows, folder / path, _options(table, form))
            files[table.full_name, form] = _file(folder, path)
    path = f"{edition.folder}/data_dictionary.csv"
    (folder / path).write_text(dictionary(tables), "utf-8")
    files["", "dictionary"] = _file(folder, path)
    if questions:
        path = f"{edition.folder}/{ANSWERS}"
        write_answers(warehouse, questions, edition, folder / path)
        files["", "answers"] = _file(folder, path)
    return files


def _options(table: Table, form: str) -> str:
    if form == "parquet":
        return "format parquet, compression zstd"
    # What is quoted is text: a spreadsheet set to respect quotes keeps the zeros of codes.
    quoted = ", ".join(column.name for column in table.columns if column.field_type == "string")
    quotes = f", force_quote ({quoted})" if quoted else ""
    return f"format csv, header, compression gzip, timestampformat '{INSTANTS}'{quotes}"


def _file(folder: Path, path: str) -> File:
    return File(path, (folder / path).stat().st_size, sha256_of(folder / path))


def _reject_mixed_edition(root: str, published: dict[str, Any] | None, edition: Edition) -> None:
    if published is not None and published["simulated"] is not edition.is_simulated:
        held, new = ("simulated", "real") if published["simulated"] else ("real", "simulated")
        raise DataElecError(
            f"{root} holds {held} data; {new} data must not be published over it.",
            "Name another place with DATAELEC_PUBLISH or --output.",
        )


def _is_same(
    published: dict[str, Any], tables: Sequence[Table], edition: Edition, files: dict[tuple[str, str], File]
) -> bool:
    """Whether the edition equals the published one, except for its name and time."""
    twin = Edition(published["version"], published["created"], edition.is_simulated, edition.sources)
    moved = {
        key: File(file.path.replace(edition.folder, twin.folder, 1), file.bytes, file.sha256)
        for key, file in files.items()
    }
    return bool(describe(twin, tables, moved) == published)


def guide(template: str, package: dict[str, Any], tables: Sequence[Table]) -> str:
    """Return a page for people, Markdown."""
    environment = Environment(loader=PackageLoader("publish", "."), undefined=StrictUndefined, trim_blocks=True)
    resources = _seen_from(f"editions/{package['version']}", package)["resources"]
    return environment.get_template(template).render(
        package=package,
        tables=tables,
        folder=LATEST,
        files={resource["name"]: resource for resource in resources},
        spreadsheet_rows=SPREADSHEET_ROWS,
    )


def _newest_editions(storage: Storage) -> list[str]:
    """Return the two newest editions that are there, by name, which is their time."""
    there = {path.split("/")[1] for path in storage.files("editions")}
    return sorted(there)[-2:]


def _clear(storage: Storage, keep: set[str]) -> None:
    for path in storage.files():
        parts = path.split("/")
        if parts[0] == "editions" and parts[1] not in keep:
            storage.delete(path)
