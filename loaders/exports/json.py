"""JSON: a list of records or a record a line, flat or with the values in `fields` (Explore v1)."""

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
# Keys are looked for in the first records and then in one of so many: to list those of all would take as long as to
# read the file. A key that only others have is read if it is asked for.
_LOOKED_INTO, _ONE_OF = 500, 37


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

    def keys(self, path: str, connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
        """Return the keys of the objects at `path` of the records, in the order they first appear."""
        rows = all_rows(
            connection,
            f"""
            with numbered as (
                select row_number() over () as record, json
                from read_json_objects({literal(str(self.path))}, format = '{self.format}')
            ),
            listed as (
                select json_keys(json, '{path}') as keys, min(record) as record
                from numbered where record <= {_LOOKED_INTO} or record % {_ONE_OF} = 0
                group by all
            )
            select key, min(record) as first_record, min_by(position, record) as first_position
            from (select record, unnest(keys) as key, generate_subscripts(keys, 1) as position from listed)
            group by key order by first_record, first_position
            """,
        )
        return tuple(row[0] for row in rows)

    def named_datasets(self, connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
        """Return the dataset ids that the records name."""
        listed = self._rows({"datasetid": "VARCHAR"})
        found = all_rows(connection, f"select distinct datasetid from {listed} where datasetid is not null")
        return tuple(sorted(row[0] for row in found))

    def _rows(self, columns: dict[str, str]) -> str:
        named = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in columns.items())
        return (
            f"read_json({literal(str(self.path))}, format = '{self.format}', auto_detect = false,"
            f" columns = {{{named}}})"
        )


def open_json(name: str, path: Path, start: str, connection: duckdb.DuckDBPyConnection) -> JsonExport:
    """List the keys of a JSON file's records; DataElecError where it has none."""
    kind = "array" if start[0] == "[" else "newline_delimited"
    if kind == "newline_delimited":
        refuse_a_single_object(name, start)
    export = JsonExport(name, path, (), (), format=kind)
    try:
        keys = export.keys("$", connection)
        wraps_fields = "fields" in keys and bool({"datasetid", "recordid"} & set(keys))
        if wraps_fields:
            outer = (_VINTAGE,) if _VINTAGE in keys else ()
            inner = export.keys("$.fields", connection)
            keys = (*(key for key in inner if key not in outer), *outer)
            ids = export.named_datasets(connection)
            export = replace(export, wraps_fields=True, dataset_ids=ids)
    except UNREADABLE as problem:
        raise export.unreadable(problem) from problem
    if not keys:
        raise DataElecError(f"{name} holds no records.", "Download it again, with a period that has data.")
    first_spelling: dict[str, str] = {}
    for key in keys:
        if (other := first_spelling.setdefault(key.casefold(), key)) != key:
            raise DataElecError(f"{name} has two columns for one: `{other}` and `{key}`.", "Remove one of them.")
    return replace(export, columns=keys, types=("VARCHAR",) * len(keys), met=len(keys))
