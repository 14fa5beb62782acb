"""What a code is called: every code that marts hold has a label in French and English, of one home."""

import re

import duckdb

# Names, numbers and bins are read as they are; so are codes whose meaning their own table gives.
NOT_LABELLED = {
    "base_territory_code",
    "bin_code",
    "calendar_quarter_code",
    "child_code",
    "commune_code",
    "dataset_code",
    "departement_code",
    "epci_code",
    "other_territory_code",
    "parent_code",
    "period_code",
    "period_of_year_code",
    "region_code",
    "school_zone_code",
    "successor_commune_code",
    "season_regime_code",
    "territory_code",
}


def code_columns(warehouse: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    """Every column of codes that people can query, as table and column."""
    rows = warehouse.execute(
        "select table_schema || '.' || table_name, column_name from information_schema.columns"
        " where table_schema in ('core', 'analysis') and table_name <> 'dim_labels' order by all"
    ).fetchall()
    return [(table, column) for table, column in rows if re.search(r"_(code|codes|status)$", column)]


def test_every_code_of_the_marts_has_a_label(sample: duckdb.DuckDBPyConnection) -> None:
    labels: dict[str, set[str]] = {}
    for name, code in sample.execute("select code_name, code from core.dim_labels").fetchall():
        labels.setdefault(name, set()).add(code)
    for table, column in code_columns(sample):
        if column in NOT_LABELLED:
            continue
        singular = column.removesuffix("s") if column.endswith("_codes") else column
        names = [name for name in labels if f"_{singular}".endswith(f"_{name}")]
        assert names, f"{table}.{column}: no label of seeds/labels/code_labels.csv is for it"
        held = {
            code
            for (codes,) in sample.execute(f"select distinct {column} from {table}").fetchall()
            for code in (codes or "").split(",")
            if code
        }
        assert held <= labels[max(names, key=len)], f"{table}.{column}"


def test_both_languages_are_words(sample: duckdb.DuckDBPyConnection) -> None:
    """A code that was copied where its label should stand is no label."""
    rows = sample.execute(
        "select code from core.dim_labels where '' in (trim(label_fr), trim(label_en)) or contains(label_fr, '_')"
        " or contains(label_en, '_')"
    ).fetchall()
    assert rows == []
