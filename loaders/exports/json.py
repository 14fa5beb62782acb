"""JSON: a list of records or a record a line, flat or with the values in `fields` (Explore v1); GeoJSON as records."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from dataelec.errors import DataElecError
from loaders.conversion import literal, quoted
from loaders.exports.base import UNREADABLE, Export
from loaders.exports.foreign import refuse_a_single_object
from loaders.queries import all_rows

_VINTAGE = "record_timestamp"
# Keys are looked for in the first records alone: to list those of all would take as long as to read the file. A key
# that only others have is read if it is asked for.
_LOOKED_INTO = 2_000
# Each of the very first, then one in so many: no number of regions or hours, so that each of these has its turn.
_EACH_OF, _ONE_IN = 100, 7
# DuckDB reads ahead by a multiple of what a record may take.
_LARGEST_RECORD = 1 << 20
_BETWEEN = re.compile(r"[\s,]*")


@dataclass(frozen=True)
class JsonExport(Export):
    """A JSON file; values stay text, since the dataset says what a number or a date is."""

    format: str = "array"
    wraps_fields: bool = False
    """Whether a record holds its values in `fields`."""
    met: int = 0

    is_open_ended = True

    def scan(self, chosen: Sequence[int], connection: duckdb.DuckDBPyConnection) -> str:
        """Return SQL that reads the chosen keys; records without one have a null."""
        outer = [i for i in chosen if not self.wraps_fields or self.columns[i] == _VINTAGE]
        inner = [i for i in chosen if i not in outer]
        columns = {self.columns[i]: "VARCHAR" for i in outer}
        if inner:
            columns["fields"] = "STRUCT(" + ", ".join(f"{quoted(self.columns[i])} VARCHAR" for i in inner) + ")"
        named = [f"{quoted(self.columns[i])} as {quoted(str(i))}" for i in outer]
        named += [f"fields.{quoted(self.columns[i])} as {quoted(str(i))}" for i in inner]
        return f"(select row_number() over () as _record, {', '.join(named)} from {self._rows(columns)})"

    def place(self, record: int) -> str:
        """Return the number of the record, or of its line."""
        return f"{self.name}, {'record' if self.format == 'array' else 'line'} {record}"

    @property
    def keys_met(self) -> int:
        """How many keys the records looked into have."""
        return self.met

    def with_keys(self, more: Sequence[str]) -> "JsonExport":
        """Return the export with keys that may stand in records not looked into."""
        # Keys that differ by case alone are one column to DuckDB.
        known = {name.casefold() for name in self.columns}
        columns = (*self.columns, *(name for name in more if name.casefold() not in known))
        return replace(self, columns=columns, types=("VARCHAR",) * len(columns))

    def sampled(self, connection: duckdb.DuckDBPyConnection) -> tuple[list[str], list[str], tuple[str, ...]]:
        """Return the keys of records, those of their `fields` and the dataset ids that they name."""
        rows = all_rows(
            connection,
            f"""
            with firsts as (
                select row_number() over () as record, json
                from read_json_objects(
                    {literal(str(self.path))}, format = '{self.format}', maximum_object_size = {_LARGEST_RECORD}
                ) limit {_LOOKED_INTO}
            ),
            numbered as (select * from firsts where record <= {_EACH_OF} or record % {_ONE_IN} = 0)
            select
                json_keys(json) as outer_keys, json_keys(json, '$.fields') as inner_keys,
                json_extract_string(json, '$.datasetid') as dataset_id, min(record) as record
            from numbered
            group by all order by record
            """,
        )
        outer, inner = ({key: None for row in rows for key in row[side] or ()} for side in (0, 1))
        return list(outer), list(inner), tuple(sorted({row[2] for row in rows if row[2] is not None}))

    def _rows(self, columns: dict[str, str]) -> str:
        named = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in columns.items())
        return (
            f"read_json({literal(str(self.path))}, format = '{self.format}', auto_detect = false,"
            f" columns = {{{named}}})"
        )


def open_json(name: str, path: Path, start: str, workspace: Path, connection: duckdb.DuckDBPyConnection) -> JsonExport:
    """List the keys of a JSON file's records; DataElecError where it has none."""
    kind = "array" if start[0] == "[" else "newline_delimited"
    if re.search(r'"type"\s*:\s*"FeatureCollection"', start[:4096]):
        path = _features(name, path, workspace)
    elif kind == "newline_delimited":
        refuse_a_single_object(name, start)
    export = JsonExport(name, path, (), (), format=kind)
    try:
        keys, inner, ids = export.sampled(connection)
        if "fields" in keys and {"datasetid", "recordid"} & set(keys):
            outer = [_VINTAGE] if _VINTAGE in keys else []
            keys = [*(key for key in inner if key not in outer), *outer]
            export = replace(export, wraps_fields=True, dataset_ids=ids)
    except UNREADABLE as problem:
        raise export.unreadable(problem) from problem
    if not keys:
        raise DataElecError(f"{name} holds no records.", "Download it again, with a period that has data.")
    first_spelling: dict[str, str] = {}
    for key in keys:
        if (other := first_spelling.setdefault(key.casefold(), key)) != key:
            raise DataElecError(f"{name} has two columns for one: `{other}` and `{key}`.", "Remove one of them.")
    return replace(export, columns=tuple(keys), types=("VARCHAR",) * len(keys), met=len(keys))


def _features(name: str, path: Path, workspace: Path) -> Path:
    """Write the features of a GeoJSON map as a record a line: their properties, and `geometry` as text."""
    flat = workspace / f"features-of-{path.name}.json"
    text, decoder = path.read_text("utf-8-sig"), json.JSONDecoder()
    at = re.compile(r'"features"\s*:\s*\[\s*|$').search(text).end()  # type: ignore[union-attr]
    with flat.open("w", encoding="utf-8") as sink:
        while text[at : at + 1] == "{":
            try:
                feature, at = decoder.raw_decode(text, at)
                if not isinstance(feature.get("properties"), dict):
                    raise DataElecError(f"{name} is GeoJSON whose features have no properties.", "Download it again.")
                outline = json.dumps(feature.get("geometry"), separators=(",", ":"))
                sink.write(json.dumps(feature["properties"] | {"geometry": outline}, ensure_ascii=False) + "\n")
            except (ValueError, RecursionError) as problem:
                raise JsonExport(name, path, (), ()).unreadable(problem) from problem
            at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]
    if text[at : at + 1] != "]" or not flat.stat().st_size:
        raise DataElecError(f"{name} is GeoJSON that ends before its features do, or has none.", "Download it again.")
    return flat
