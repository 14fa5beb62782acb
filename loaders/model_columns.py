"""Complete the `columns:` of the models' YAML from what was built.

`python -m loaders.model_columns WAREHOUSE [--check]`: a column that is built and not listed gets its entry, with the
glossary's text and, under a contract, its type; one that is listed and no longer built goes. What is written by hand
stays: descriptions, tests, order, comments.
"""

import argparse
import re
import sys
from collections.abc import Mapping
from pathlib import Path

import duckdb

MODELS = Path(__file__).parents[1] / "models"
ENTRY = "  - name: "
COLUMN = "      - name: "

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
    """Tell whether the column is one of a row of numbered ones, described together: `numbered_columns: [term, load]`."""
    names = re.search(r"numbered_columns: \[([a-z_, ]+)\]", described)
    return bool(names) and column.rpartition("_")[0] in names[1].split(", ") and column.rpartition("_")[2].isdigit()


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
    entries = {
        entry.removeprefix(COLUMN).split("\n", 1)[0]: entry
        for entry in re.split(rf"(?m)^(?={COLUMN})", listed)
        if entry.startswith(COLUMN)
    }
    is_typed = any("data_type:" in entry for entry in entries.values())
    names = [name for name in entries if name in columns]
    # A new column stands after the one that it is built after.
    for before, name in zip([None, *columns], columns, strict=False):
        if name not in names:
            names.insert(names.index(before) + 1 if before else 0, name)
            entries[name] = f"{COLUMN}{name}\n"
            entries[name] += f"        data_type: {columns[name]}\n" if is_typed else ""
            entries[name] += f"        description: '{{{{ doc(\"{name}\") }}}}'\n"
    return head + marker + "".join(entries[name] for name in names)


def main() -> None:
    """Write what is not complete, or with --check only say so; exit 1 where something is or was to be written."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("warehouse", help="a DuckDB file that `dbt build` made")
    parser.add_argument("--check", action="store_true", help="write nothing")
    arguments = parser.parse_args()
    with duckdb.connect(arguments.warehouse, read_only=True) as warehouse:
        built = built_in(warehouse)
    is_any_stale = False
    for path in sorted(MODELS.rglob("*__models.yml")):
        text = path.read_text(encoding="utf-8")
        if (complete := completed(text, built)) != text:
            is_any_stale = True
            print(f"{path.relative_to(MODELS.parent)}: {'is not complete' if arguments.check else 'completed'}")
            if not arguments.check:
                path.write_text(complete, encoding="utf-8")
    sys.exit(is_any_stale)


if __name__ == "__main__":
    main()
