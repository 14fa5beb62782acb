"""Identifies files that are not exports, and says what to do with them."""

import json
import re
from collections.abc import Collection

from dataelec.errors import DataElecError

_SAVE_AS_CSV = "Open it, save the sheet as CSV (UTF-8, delimited by semicolons) and import that file."
_UNPACK = "Unpack it, or pack it as gzip or zip, and import that file."
_DOWNLOAD = "Download the dataset's export in CSV, JSON or Parquet."
# (first bytes, where they stand, what the file is, what to do)
_SIGNATURES = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, "a workbook in the format of old Excel (.xls)", _SAVE_AS_CSV),
    (b"BZh", 0, "packed with bzip2", _UNPACK),
    (b"\xfd7zXZ\x00", 0, "packed with xz", _UNPACK),
    (b"\x28\xb5\x2f\xfd", 0, "packed with zstd", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", 0, "a 7z archive", _UNPACK),
    (b"Rar!", 0, "a RAR archive", _UNPACK),
    (b"ustar", 257, "a tar archive", _UNPACK),
    (b"SQLite format 3\x00", 0, "a SQLite database (or a GeoPackage)", _DOWNLOAD),
    (b"DUCK", 8, "a DuckDB database", "Write its table with `copy ... to 'x.parquet'` and import that file."),
    (b"ARROW1", 0, "an Arrow (Feather) file", "Write it as Parquet or CSV and import that file."),
    (b"ORC", 0, "an ORC file", "Write it as Parquet or CSV and import that file."),
    (b"Obj\x01", 0, "an Avro file", "Write it as Parquet or CSV and import that file."),
    (b"\x89HDF", 0, "an HDF5 file", "Write it as Parquet or CSV and import that file."),
    (b"%PDF", 0, "a PDF document", _DOWNLOAD),
    (b"\x89PNG", 0, "a picture", _DOWNLOAD),
    (b"\xff\xd8\xff", 0, "a picture", _DOWNLOAD),
)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def refuse_signatures(name: str, head: bytes) -> None:
    """Raise DataElecError where the first bytes are those of a format that no export has."""
    for signature, position, what, advice in _SIGNATURES:
        if head[position : position + len(signature)] == signature:
            raise DataElecError(f"{name} is {what}, not an export.", advice)
    if head.startswith(_UTF_16) or _is_utf_16_without_mark(head):
        raise DataElecError(
            f"{name} is text in UTF-16, not in UTF-8 (Excel calls it Unicode text).",
            "Save it as CSV UTF-8 and import that file.",
        )


def _is_utf_16_without_mark(head: bytes) -> bool:
    start = head[:400]
    return len(start) > 20 and (
        start[1::2].count(0) > 0.9 * len(start[1::2]) or start[::2].count(0) > 0.9 * len(start[::2])
    )


def refuse_documents(name: str, members: Collection[str]) -> None:
    """Raise DataElecError where an archive's files are those of a document or a map."""
    if "[Content_Types].xml" in members:
        kind = "an Excel workbook" if any(member.startswith("xl/") for member in members) else "an office document"
        raise DataElecError(f"{name} is {kind} (an office document), not an export.", _SAVE_AS_CSV)
    if {"mimetype", "content.xml"} <= set(members):
        raise DataElecError(
            f"{name} is a spreadsheet of LibreOffice or OpenOffice (.ods, an OpenDocument), not an export.",
            _SAVE_AS_CSV,
        )
    if any(member.lower().endswith((".shp", ".kml", ".gpkg")) for member in members):
        raise DataElecError(f"{name} is a map (shapefile, KML or GeoPackage), not a table.", _DOWNLOAD)


def refuse_markup(name: str, start: str) -> None:
    """Raise DataElecError for a page or a document in HTML or XML."""
    if not start.startswith("<"):
        return
    if "urn:schemas-microsoft-com:office:spreadsheet" in start:
        raise DataElecError(f"{name} is a workbook in the XML format of Excel 2003, not an export.", _SAVE_AS_CSV)
    if re.search(r"<table\b", start, re.IGNORECASE):
        raise DataElecError(
            f"{name} is an HTML page with a table, not an export; some sites give it the name .xls.", _SAVE_AS_CSV
        )
    raise DataElecError(
        f"{name} is an HTML or XML page, not an export.",
        "The portal probably answered with an error or a login page; open the file to see, then download again.",
    )


def refuse_a_single_object(name: str, start: str) -> None:
    """Raise DataElecError for one JSON object that is a map, or an interface's answer, rather than a record."""
    if re.search(r'"type"\s*:\s*"(Feature|Topology)"', start[:4096]):
        raise DataElecError(
            f"{name} is a single GeoJSON feature or a TopoJSON map, not a list of records.",
            "Download the dataset's export in JSON, GeoJSON, CSV or Parquet instead.",
        )
    try:
        first = json.loads(start.splitlines()[0])
    except (ValueError, RecursionError):
        first = None
    answers = {"error_code", "errorcode", "error", "total_count", "nhits", "results", "records"}
    if not isinstance(first, dict) or answers & set(first):
        said = first.get("message") or first.get("error") if isinstance(first, dict) else None
        raise DataElecError(
            f"{name} is a single JSON object, not a list of records{f': {said}' if said else ''}.",
            "Download the dataset's export in JSON, CSV or Parquet rather than a page of an interface.",
        )
