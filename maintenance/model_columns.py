"""Completes the `columns:` of the models' YAML from what was built: `dataelec columns`.

A column that is built and not listed gets its entry, with the glossary's text and, under a contract, its type; one that
is listed and no longer built goes. What is written by hand stays: descriptions, tests, order, comments. A column that
only points to the glossary has one line.
"""

import re
from collections.abc import Mapping
from pathlib import Path

import duckdb

MODELS = Path("models")
ENTRY = "  - name: "
# An entry begins either way.
COLUMN = re.compile(r"(?m)^(?=      - (?:\{name|name): )")
NAME = re.compile(r"      - \{?name: (\w+)")
PLAIN = re.compile(
    r"      - name: (?P<name>\w+)\n"
    r"(?:        data_type: (?P<kind>[\w ]+)\n)?"
    r"        description: (?P<described>'\{\{ doc\(\"\w+\"\) \}\}')\n"
)

# Names and types of the columns of each model, in the order in which they are built.
Built = Mapping[str, Mapping[str, str]]


def built_in(warehouse: duckdb.DuckDBPyConnection) -> Built:
    """Return the columns of every table and view, by name: a model's name is unique in the project."""
    built: dict[str, dict[str, str]] = {}
    for table, column, kind in warehouse.execute(
        "select table_name, column_name, lower(data_type) from information_schema.columns order by ordinal_position"
    ).fetchall():
        built.setdefault(table, {})[column] = kind.replace("timestamp with time zone", "timestamptz")
    return built


def is_numbered(column: str, described: str) -> bool:
    """Tell whether the column is one of numbered ones described together: `numbered_columns: [term, load]`."""
    names = re.search(r"numbered_columns: \[([a-z_, ]+)\]", described)
    stem, _, number = column.rpartition("_")
    return names is not None and stem in names[1].split(", ") and number.isdigit()


def completed(text: str, built: Built) -> str:
    """Return the text of one YAML file of models with the columns that are built, no more and no fewer."""
    head, *models = re.split(rf"(?m)^(?={ENTRY})", text)
    return head + "".join(_completed_model(model, built) for model in models)


def _completed_model(text: str, built: Built) -> str:
    name = text.removeprefix(ENTRY).split("\n", 1)[0]
    head, marker, listed = text.partition("\n    columns:\n")
    if name not in built or not marker:
        return text
    columns = {column: kind for column, kind in built[name].items() if not is_numbered(column, head)}
    entries = {_name(entry): _one_line(entry) for entry in COLUMN.split(listed) if NAME.match(entry)}
    is_typed = any("data_type:" in entry for entry in entries.values())
    names = [name for name in entries if name in columns]
    # A new column stands after the one that it is built after.
    for before, name in zip([None, *columns], columns, strict=False):
        if name not in names:
            names.insert(names.index(before) + 1 if before else 0, name)
            entries[name] = _entry(name, columns[name] if is_typed else None, f"'{{{{ doc(\"{name}\") }}}}'")
    return head + marker + "".join(entries[name] for name in names)


def _name(entry: str) -> str:
    named = NAME.match(entry)
    assert named is not None
    return named[1]


def _one_line(entry: str) -> str:
    plain = PLAIN.fullmatch(entry)
    return entry if plain is None else _entry(plain["name"], plain["kind"], plain["described"])


def _entry(name: str, kind: str | None, described: str) -> str:
    told = {"name": name, **({"data_type": kind} if kind else {}), "description": described}
    return f"      - {{{', '.join(f'{key}: {value}' for key, value in told.items())}}}\n"


def incomplete(home: Path, built: Built) -> dict[Path, str]:
    """Return the completed text of each file of the project at `home` that does not list what is built."""
    texts = {path: path.read_text(encoding="utf-8") for path in sorted((home / MODELS).rglob("*__models.yml"))}
    return {path: completed(text, built) for path, text in texts.items() if completed(text, built) != text}
