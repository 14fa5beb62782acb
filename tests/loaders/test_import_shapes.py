"""Exports in every shape that people hold them in land as the same rows."""

import gzip
import json
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from loaders.lake import Lake
from loaders.landing import import_files
from tests.loaders.lakes import (
    LOAD,
    NEW,
    NOW,
    TEMPERATURE,
    TEMPERATURE_IDS,
    TEMPERATURE_LABELS,
    csv_text,
    json_file,
    load_fields,
    rows_of,
    temperature_row,
)

ROWS = [temperature_row("2024-01-31"), temperature_row("2024-02-01", "01", -2.25)]


def flat(rows: list[list[object]]) -> list[dict[str, object]]:
    return [dict(zip(TEMPERATURE_IDS, row, strict=True)) for row in rows]


def french(style: str) -> list[list[object]]:
    days = {"yyyy": ("31/01/2024", "01/02/2024"), "yy": ("31/01/24", "1/2/24")}[style]
    return [[row[0], day, *row[2:]] for row, day in zip(ROWS, days, strict=True)]


def parquet_bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return bytes(sink.getvalue())


def native(code_type: pa.DataType, date_type: pa.DataType) -> bytes:
    table = pa.table({name: [row[i] for row in ROWS] for i, name in enumerate(TEMPERATURE_IDS)})
    dates = pa.array(table["date"].to_pylist()).cast(pa.timestamp("s")).cast(date_type)
    codes = pa.array([int(code) for code in table["code_insee_region"].to_pylist()]).cast(code_type)
    return parquet_bytes(table.set_column(1, "date", dates).set_column(2, "code_insee_region", codes))


SHAPES = {
    "csv of ids": csv_text(TEMPERATURE_IDS, ROWS).encode(),
    "csv of labels, comma, crlf, mark": b"\xef\xbb\xbf" + csv_text(TEMPERATURE_LABELS, ROWS, ",", "\r\n").encode(),
    "csv with mark, all quoted": b"\xef\xbb\xbf"
    + "\n".join(";".join(f'"{value}"' for value in row) for row in (TEMPERATURE_LABELS, *ROWS)).encode(),
    "csv of labels in latin-1": csv_text(TEMPERATURE_LABELS, ROWS).encode("latin-1"),
    "labels in other case, accents, spaces": csv_text(
        ("id", " DATE", "code  insee REGION", "region", "tmin (°c)", "TMAX (°C)", "Tmoy (°C) "), ROWS
    ).encode(),
    "dd/mm/yyyy": csv_text(TEMPERATURE_LABELS, french("yyyy")).encode(),
    "dd/mm/yy": csv_text(TEMPERATURE_LABELS, french("yy")).encode(),
    "decimal commas": csv_text(
        TEMPERATURE_IDS, [[*row[:4], *(str(value).replace(".", ",") for value in row[4:])] for row in ROWS]
    ).encode(),
    "blank lines and spaces": csv_text(TEMPERATURE_IDS, ROWS).replace("\n", "\n\n").replace(";11;", "; 11 ;").encode(),
    "json array": json.dumps(flat(ROWS)).encode(),
    "json with mark, pretty": b"\xef\xbb\xbf" + json.dumps(flat(ROWS), indent=2, ensure_ascii=False).encode(),
    "json lines": "\n".join(json.dumps(record) for record in flat(ROWS)).encode(),
    "v1 json": json.dumps([{"datasetid": TEMPERATURE, "recordid": "a", "fields": f} for f in flat(ROWS)]).encode(),
    "parquet of text": parquet_bytes(
        pa.table({name: [str(row[i]) for row in ROWS] for i, name in enumerate(TEMPERATURE_IDS)})
    ),
    "parquet, codes as integers": native(pa.int64(), pa.date32()),
    "parquet, codes as floats, dates as timestamps": native(pa.float64(), pa.timestamp("ns")),
}


@pytest.mark.parametrize("wrapping", ["plain", "gz", "zip"])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_lands_the_same_rows(tmp_path: Path, shape: str, wrapping: str) -> None:
    content = SHAPES[shape]
    file = tmp_path / "export.data"  # The suffix says nothing: the content does.
    if wrapping == "gz":
        content = gzip.compress(content)
    if wrapping == "zip":
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("inside.csv", content)
    else:
        file.write_bytes(content)
    report = import_files(Lake(str(tmp_path / "lake")), TEMPERATURE, [file], loaded_at=NOW, published_at=NEW)
    assert [(f.rows, f.new, f.left_out, f.unknown) for f in report.files] == [(2, 2, {}, ())]
    found = rows_of(tmp_path / "lake", TEMPERATURE, "date::varchar, code_insee_region, region, tmin, tmax, tmoy", "1")
    assert found == [
        ("2024-01-31", "11", "Île-de-France", -5.0, 10.0, 5.5),
        ("2024-02-01", "01", "Île-de-France", -5.0, 10.0, -2.25),
    ]


def test_instants_of_all_forms_are_the_same_instant(tmp_path: Path) -> None:
    forms = {
        "offset": json_file(tmp_path, [load_fields()], "offset.json"),
        "zulu": json_file(tmp_path, [load_fields(date_heure="2019-01-14T23:30:00Z")], "zulu.json"),
        "naive": tmp_path / "naive.parquet",
    }
    table = pa.Table.from_pylist([load_fields(date_heure="2019-01-14T23:30:00")])
    instants = table["date_heure"].cast(pa.timestamp("us"))
    pq.write_table(table.set_column(0, "date_heure", instants), forms["naive"])
    report = import_files(Lake(str(tmp_path / "lake")), LOAD, list(forms.values()), loaded_at=NOW)
    assert [(f.new, f.unchanged) for f in report.files] == [(1, 0), (0, 1), (0, 1)]
    assert rows_of(tmp_path / "lake", LOAD, "date_heure::varchar") == [("2019-01-14 23:30:00+00",)]


def test_absent_json_keys_are_null_and_gas_may_be_natran(tmp_path: Path) -> None:
    bare = load_fields(heure="01:00", date_heure="2019-01-15T01:00:00+01:00", consommation_brute_gaz_natran=7)
    del bare["consommation_brute_electricite_rte"], bare["statut_rte"]
    file = json_file(tmp_path, [load_fields(), bare])
    import_files(Lake(str(tmp_path / "lake")), LOAD, [file], loaded_at=NOW)
    columns = "heure, consommation_brute_electricite_rte, consommation_brute_gaz_grtgaz, flag_ignore"
    assert rows_of(tmp_path / "lake", LOAD, columns) == [("00:30", 9000.0, None, None), ("01:00", None, 7.0, None)]


def test_spring_rows_on_one_instant_are_both_kept(tmp_path: Path) -> None:
    instant = "2019-03-31T03:00:00+02:00"
    file = json_file(tmp_path, [load_fields(date_heure=instant, heure=heure) for heure in ("02:00", "3:00")])
    import_files(Lake(str(tmp_path / "lake")), LOAD, [file], loaded_at=NOW)
    assert rows_of(tmp_path / "lake", LOAD, "heure") == [("02:00",), ("03:00",)]


def test_quoted_values_may_hold_delimiters_quotes_and_line_breaks(tmp_path: Path) -> None:
    row = temperature_row()
    row[3] = 'a;b "c"\nd'
    file = tmp_path / "t.csv"
    file.write_text(csv_text(TEMPERATURE_IDS, [row]))
    import_files(Lake(str(tmp_path / "lake")), TEMPERATURE, [file], loaded_at=NOW)
    assert rows_of(tmp_path / "lake", TEMPERATURE, "region") == [('a;b "c"\nd',)]


@pytest.mark.parametrize("shape", ["csv of ids", "json array", "parquet of text"])
def test_file_names_may_hold_pattern_characters_and_quotes(tmp_path: Path, shape: str) -> None:
    file = tmp_path / "it's export [1]*?.data"
    file.write_bytes(SHAPES[shape])
    import_files(Lake(str(tmp_path / "lake")), TEMPERATURE, [file], loaded_at=NOW)
    assert rows_of(tmp_path / "lake", TEMPERATURE, "distinct _source_file") == [(file.name,)]


def test_unknown_columns_are_named_and_ignored(tmp_path: Path) -> None:
    file = json_file(tmp_path, [{**flat(ROWS)[0], "geo": {"lat": 1}}, {**flat(ROWS)[1], "extra": 2}])
    report = import_files(Lake(str(tmp_path / "lake")), TEMPERATURE, [file], loaded_at=NOW)
    assert report.files[0].unknown == ("geo", "extra")
