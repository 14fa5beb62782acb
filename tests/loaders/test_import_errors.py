"""What cannot be landed is refused with what is wrong and where, and the lake stays exactly as it was."""

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dataelec.errors import DataElecError
from loaders.lake import Lake
from loaders.landing import import_files
from tests.loaders.lakes import (
    ANNUAL,
    LOAD,
    NEW,
    NOW,
    TEMPERATURE,
    TEMPERATURE_IDS,
    TEMPERATURE_LABELS,
    csv_text,
    load_fields,
    temperature_file,
    temperature_row,
    tree,
)

GOOD = csv_text(TEMPERATURE_IDS, [temperature_row()])


def zipped(method: int = zipfile.ZIP_STORED, **members: str) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", method) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return sink.getvalue()


def rows(*changes: tuple[int, object], delimiter: str = ";") -> str:
    """Return a CSV file whose fourth line (third row) has these values changed."""
    last = temperature_row("2024-02-02")
    for position, value in changes:
        last[position] = value
    return csv_text(TEMPERATURE_IDS, [temperature_row(), temperature_row("2024-02-01"), last], delimiter)


def parquet() -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"a": [1]}), sink)
    return bytes(sink.getvalue())


def damaged(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :]


def map_of(properties: str) -> str:
    return '{"type": "FeatureCollection", "features": [{"properties": ' + properties + "}]}"


def v1(dataset: str) -> str:
    return json.dumps([{"datasetid": dataset, "recordid": "a", "fields": dict.fromkeys(TEMPERATURE_IDS, "1")}])


def local_time(heure: str) -> str:
    return json.dumps([load_fields(date_heure=f"2019-01-15T{heure}:00", heure=heure)])


REFUSED: dict[str, tuple[str, str | bytes, list[str]]] = {
    "missing columns": (TEMPERATURE, "date;tmin\n2024-01-01;1\n", ["`code_insee_region`", "`tmax`", "`date`, `tmin`"]),
    "another dataset": (LOAD, GOOD, ["`date_heure`", f"dataelec import {TEMPERATURE}"]),
    "another dataset, by labels": (ANNUAL, csv_text(TEMPERATURE_LABELS, [temperature_row()]), [TEMPERATURE]),
    "another dataset, by its own word": (TEMPERATURE, v1("eco2mix"), ["identifies itself as `eco2mix`"]),
    "html page": (TEMPERATURE, "\n <!DOCTYPE html><html>", ["HTML"]),
    "error body": (TEMPERATURE, '{"error_code": "x", "message": "unknown dataset"}', ["unknown dataset"]),
    "page of an interface": (TEMPERATURE, '{\n"total_count": 3,\n"results": []}', ["single JSON object"]),
    "blank": (TEMPERATURE, " \n ", ["is empty"]),
    "nothing": (TEMPERATURE, "", ["0 bytes"]),
    "header alone": (TEMPERATURE, ";".join(TEMPERATURE_IDS) + "\n", ["no rows"]),
    "no records": (TEMPERATURE, "[]", ["no records"]),
    "cut gzip": (TEMPERATURE, gzip.compress(GOOD.encode() * 50)[:-12], ["cut or damaged gzip"]),
    "damaged gzip": (TEMPERATURE, damaged(gzip.compress(GOOD.encode() * 50)), ["cut or damaged gzip"]),
    "damaged zip": (TEMPERATURE, damaged(zipped(a=GOOD * 50)), ["damaged or locked zip"]),
    "damaged zip, lzma": (TEMPERATURE, damaged(zipped(zipfile.ZIP_LZMA, a=rows())), ["damaged or locked zip"]),
    "damaged zip, bzip2": (TEMPERATURE, damaged(zipped(zipfile.ZIP_BZIP2, a=rows())), ["damaged or locked zip"]),
    "nested too deep": (TEMPERATURE, '{"a": ' * 20_000, ["single JSON object"]),
    "map nested too deep": (TEMPERATURE, map_of('{"a": ' * 20_000), ["cannot be read", "recursion"]),
    "map with half a character": (TEMPERATURE, map_of(r'{"a": "\ud800"}'), ["cannot be read", "surrogates"]),
    "quotation mark never closed": (TEMPERATURE, '"' + GOOD * 20, ["1,000 characters", "quotation mark"]),
    "quotation mark never closed, packed": (
        TEMPERATURE,
        gzip.compress(b'"' + b"x" * (5 << 20)),
        ["longer than 4 MB", "quotation mark"],
    ),
    "cut zip": (TEMPERATURE, zipped(a=GOOD * 50)[:-30], ["damaged or locked zip"]),
    "zip of two": (TEMPERATURE, zipped(a=GOOD, b=GOOD), ["2 files (a, b)"]),
    "workbook": (
        TEMPERATURE,
        zipped(zipfile.ZIP_STORED, **{"[Content_Types].xml": "", "xl/a.xml": ""}),
        ["office document"],
    ),
    "cut parquet": (TEMPERATURE, parquet()[:-20], ["cut or damaged Parquet"]),
    "cut json": (TEMPERATURE, json.dumps([dict.fromkeys(TEMPERATURE_IDS, "1")] * 3)[:-20], ["cannot be read"]),
    "json broken off by the portal": (
        TEMPERATURE,
        json.dumps([dict.fromkeys(TEMPERATURE_IDS, "1")])[:-1]
        + "\nStreaming interrupted due to the following error: x",
        ["cannot be read"],
    ),
    "csv broken off by the portal": (
        TEMPERATURE,
        GOOD + "Streaming interrupted due to the following error: x\n",
        ["line 3", "Streaming interrupted"],
    ),
    "a row cut": (TEMPERATURE, rows() + "2024-01-01T00;2024", ["line 5", "2 columns where the header has 7"]),
    "text for a number": (TEMPERATURE, rows((6, "mild")), ["line 4", "`tmoy`", "'mild' is not a number"]),
    "not-a-number for a number": (TEMPERATURE, rows((6, "NaN")), ["line 4", "'NaN' is not a number"]),
    "digits with underscores": (TEMPERATURE, rows((6, "1_0")), ["'1_0' is not a number"]),
    "decimal comma beside comma": (TEMPERATURE, rows((6, "5,5"), delimiter=","), ["line 4", "'5,5' is not a number"]),
    "decimal commas and points": (TEMPERATURE, rows((6, "5,5")), ["line 2", "decimal commas"]),
    "bad date": (TEMPERATURE, rows((1, "2024-02-30")), ["line 4", "`date`", "'2024-02-30' is not a date"]),
    "month first": (TEMPERATURE, rows((1, "12/31/2024")), ["'12/31/2024' is not a date"]),
    "an instant that is not a day": (TEMPERATURE, rows((1, "2024-01-31T23:00:00Z")), ["is not a date"]),
    "a name that is no region's": (TEMPERATURE, rows((2, "Bretagna")), ["line 4", "'Bretagna' is not a code"]),
    "beyond the limits": (TEMPERATURE, rows((6, 278.5)), ["line 4", "278.5 is not between -40 and 45"]),
    "départements taken for regions": (
        "populations-legales-regions",
        "REG;Région;DEP;Département;NBCOM;PMUN\n01;Guadeloupe;971;Guadeloupe;32;384315\n24;Centre;18;Cher;287;168054\n",
        ["line 3", "168054 is not between 200000 and 20000000", "dataelec import populations-legales-departements"],
    ),
    "public holidays of Alsace and Moselle": (
        "jours-feries",
        "date,est_jour_ferie,nom_jour_ferie\n2024-01-01,True,Jour de l'an\n2024-03-29,True,Vendredi Saint\n",
        ["line 3", "'Vendredi Saint' is no value", "dataelec import jours-feries-alsace-moselle"],
    ),
    "a day to come": (TEMPERATURE, rows((1, "2099-01-01")), ["line 4", "2099-01-01 is no day of the past"]),
    "two columns for one field": (
        TEMPERATURE,
        csv_text((*TEMPERATURE_IDS, "TMoy (°C)"), [[*temperature_row(), 1]]),
        ["two columns for `tmoy`"],
    ),
    "local time without offset": (LOAD, local_time("12:30"), ["`date_heure` has no time zone"]),
    "binary": (TEMPERATURE, b"\x00\x01\x02date;tmin", ["neither text"]),
    "utf-16": (TEMPERATURE, GOOD.encode("utf-16"), ["UTF-16"]),
    "unknown dataset": ("eco2mix-regional-tr", GOOD, ["no dataset `eco2mix-regional-tr`", "cannot be landed as one"]),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_the_reason_and_the_lake_as_before(tmp_path: Path, case: str) -> None:
    dataset, content, expected = REFUSED[case]
    lake = Lake(str(tmp_path / "lake"))
    good = temperature_file(tmp_path, [temperature_row()], "good.csv")
    import_files(lake, TEMPERATURE, [good], loaded_at=NOW, published_at=NEW)
    before = tree(tmp_path / "lake")
    bad = tmp_path / "bad.dat"
    bad.write_bytes(content.encode() if isinstance(content, str) else content)
    more = temperature_file(tmp_path, [temperature_row("2024-06-01")], "more.csv")
    files = [more, bad] if dataset == TEMPERATURE else [bad]
    with pytest.raises(DataElecError) as refusal:
        import_files(lake, dataset, files, loaded_at=NOW, published_at=NEW)
    if case != "unknown dataset":
        assert "bad.dat" in refusal.value.message
    for part in expected:
        assert part in str(refusal.value)
    assert tree(tmp_path / "lake") == before


@pytest.mark.parametrize(
    ("make", "expected"),
    [(lambda path: path.mkdir(), "is a folder"), (lambda path: None, "There is no file")],
)
def test_what_is_no_file_is_refused(tmp_path: Path, make: Callable[[Path], None], expected: str) -> None:
    path = tmp_path / "thing"
    make(path)
    with pytest.raises(DataElecError, match=expected):
        import_files(Lake(str(tmp_path / "lake")), TEMPERATURE, [path], loaded_at=NOW)
    assert not (tmp_path / "lake").exists()


def test_the_line_is_right_behind_line_breaks_in_quotes_and_blank_lines(tmp_path: Path) -> None:
    two_lines = temperature_row()
    two_lines[3] = "two\nlines"
    text = csv_text(TEMPERATURE_IDS, [two_lines, temperature_row("2024-02-01", tmoy="x")])
    file = tmp_path / "t.csv"
    file.write_text("\n" + text)
    with pytest.raises(DataElecError, match=r"t\.csv, line 5"):
        import_files(Lake(str(tmp_path / "lake")), TEMPERATURE, [file], loaded_at=NOW)
