"""DuckLake keeps a table's states and says what changed; in an environment of its own, not knowing this project.

    python ducklake_states.py KEY FOLDER

FOLDER has `0.parquet`, `1.parquet`, …: states of one table, of one KEY (columns, with commas between). For each but the
first, `changes-N.parquet` gets what DuckLake says changed, a row before and after; for each, `kept-N.parquet` gets the
rows as DuckLake knows them once all states are in.
"""

import sys
from pathlib import Path

import duckdb
import duckdb_ext


def extension() -> Path:
    """Return the extension's file, as its wheel brings it."""
    (found,) = (folder for root in duckdb_ext.__path__ for folder in Path(root).rglob("ducklake.duckdb_extension"))
    return found


def main() -> None:
    """Put the states into a lake of their own, one transaction a state, and read back what it says of them."""
    key, folder = sys.argv[1].split(","), Path(sys.argv[2])
    states = sorted(folder.glob("[0-9]*.parquet"), key=lambda path: int(path.stem))
    lake = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    lake.execute(f"load '{extension()}'")
    lake.execute(f"attach 'ducklake:{folder}/catalog.ducklake' as lake (data_path '{folder}/data')")
    lake.execute(f"create table lake.states as from '{states[0]}'")
    columns = [row[0] for row in lake.execute("describe lake.states").fetchall()]
    on = " and ".join(f"s.{name} = n.{name}" for name in key)
    differs = " or ".join(f"s.{name} is distinct from n.{name}" for name in columns if name not in key)
    values = ", ".join(f"{name} = n.{name}" for name in columns if name not in key)
    versions = [_version(lake)]
    for state in states[1:]:
        new = f"'{state}' as n"
        lake.execute("begin")
        lake.execute(f"delete from lake.states as s where not exists (from {new} where {on})")
        lake.execute(f"update lake.states as s set {values} from {new} where {on} and ({differs})")
        lake.execute(f"insert into lake.states from {new} where not exists (from lake.states as s where {on})")
        lake.execute("commit")
        versions.append(_version(lake))
    for number, version in enumerate(versions):
        lake.execute(f"copy (from lake.states at (version => {version})) to '{folder}/kept-{number}.parquet'")
        if number:
            first = versions[number - 1] + 1
            changes = f"ducklake_table_changes('lake', 'main', 'states', {first}, {version})"
            lake.execute(f"copy (from {changes}) to '{folder}/changes-{number}.parquet'")


def _version(lake: duckdb.DuckDBPyConnection) -> int:
    return int(lake.execute("select max(snapshot_id) from ducklake_snapshots('lake')").fetchall()[0][0])


if __name__ == "__main__":
    main()
