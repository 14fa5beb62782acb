"""What the warehouse says of its own tables: columns, types, descriptions, units."""

import re
from dataclasses import dataclass

from dataelec.errors import DataElecError
from dataelec.warehouse import Warehouse

SCHEMAS = ("core", "analysis", "dataelec")
FIELD_TYPES = {
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "DOUBLE": "number",
    "DATE": "date",
    "TIME": "time",
    "TIMESTAMP WITH TIME ZONE": "datetime",
}
UNITS = {
    "mw": "MW",
    "kw": "kW",
    "w": "W",
    "gwh": "GWh",
    "mwh": "MWh",
    "kwh": "kWh",
    "c": "°C",
    "m2": "m²",
    "pct": "%",
    "share": "share (0..1)",
}
UNIT = re.compile(
    rf"(?:^|_)(?P<measured>{'|'.join(UNITS)})(?P<whole>_of_[a-z_]+?)?(?P<divisors>(?:_per_[a-z0-9_]+?)*)"
    r"(?:_(?:se|hac_se|ols_se|ci95_low|ci95_high|ci95_half_width))?$"
)


@dataclass(frozen=True)
class PublishedColumn:
    """One column: its name, its type in the warehouse, what it means."""

    name: str
    sql_type: str
    description: str

    @property
    def field_type(self) -> str:
        """The type's name in a Table Schema."""
        if self.sql_type not in FIELD_TYPES:
            raise DataElecError(
                f"Column {self.name} has the type {self.sql_type}, which publish/tables.py gives no name to.",
                "Cast it in the mart, or name it there.",
            )
        return FIELD_TYPES[self.sql_type]

    @property
    def unit(self) -> str | None:
        """The unit that the name ends in, as people write it; None for codes, labels, counts and dates."""
        found = UNIT.search(self.name)
        if found is None:
            return None
        whole = (found["whole"] or "").replace("_", " ")
        divisors = [word.replace("_", " ") for word in found["divisors"].split("_per_")[1:]]
        return UNITS[found["measured"]] + whole + "".join(f"/{UNITS.get(word, word)}" for word in divisors)


@dataclass(frozen=True)
class Table:
    """One mart: where it is, what one row is, its columns in order."""

    schema: str
    name: str
    description: str
    columns: tuple[PublishedColumn, ...]

    @property
    def full_name(self) -> str:
        """The name that queries use."""
        return f"{self.schema}.{self.name}"


def read_tables(warehouse: Warehouse) -> tuple[Table, ...]:
    """Return every table and view of the published schemas, by name."""
    columns: dict[tuple[str, str], list[PublishedColumn]] = {}
    for row in warehouse.rows(
        "select schema_name, table_name, column_name, data_type, coalesce(comment, '') as description"
        " from duckdb_columns() where schema_name in (?, ?, ?) and not internal"
        " order by schema_name, table_name, column_index",
        SCHEMAS,
    ):
        column = PublishedColumn(row["column_name"], row["data_type"], _one_line(row["description"]))
        columns.setdefault((row["schema_name"], row["table_name"]), []).append(column)
    descriptions = {
        (row["schema_name"], row["relation_name"]): row["description"]
        for row in warehouse.rows(
            "select schema_name, table_name as relation_name, coalesce(comment, '') as description"
            " from duckdb_tables()"
            " union all select schema_name, view_name, coalesce(comment, '') from duckdb_views() where not internal"
        )
    }
    return tuple(
        Table(schema, name, _one_line(descriptions[schema, name]), tuple(found))
        for (schema, name), found in columns.items()
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
