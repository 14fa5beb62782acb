"""Publishes every mart of a built warehouse as files.

`python -m publish --target sample`
"""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from loaders.errors import DataElecError
from loaders.settings import Settings
from publish.description import PROVENANCE, Edition, read_sources
from publish.edition import publish
from publish.tables import UnknownTypeError, read_tables
from report.warehouse import Warehouse, WarehouseError, database_path


@click.command(
    epilog="""\b
Settings (environment)
  DATAELEC_PUBLISH  where files are published, a folder or gs://bucket/prefix (default: published/<target>)
"""
)
@click.option("--target", type=click.Choice(["sample", "live"]), default="sample", help="dbt target that was built.")
@click.option("--output", metavar="ADDRESS", help="A folder or gs://bucket/prefix instead of DATAELEC_PUBLISH.")
def main(target: str, output: str | None) -> None:
    """Publish every mart as Parquet and CSV, with a data dictionary and a machine-readable description.

    Readers see the last edition or the new one, never a mixture; if anything fails the last one stays.
    """
    settings = Settings.from_environment()
    root = output or settings.anchored(os.environ.get("DATAELEC_PUBLISH") or f"published/{target}")
    database = database_path(target)
    try:
        with Warehouse(database) as warehouse:
            tables = read_tables(warehouse)
            edition = _edition(warehouse, database)
            is_new = publish(root, warehouse, tables, edition)
    except (WarehouseError, UnknownTypeError, DataElecError) as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"{error}\nWhat was published before is untouched. Check the place {root} and the space left.")
    label = " of SIMULATED data" if edition.is_simulated else ""
    said = f"Published edition {edition.name}{label}: {len(tables)} tables" if is_new else "Unchanged"
    click.echo(f"{said}, in {root} (start with README.md there)")


def _edition(warehouse: Warehouse, database: Path) -> Edition:
    """Name a new edition after this instant, with the sources that the warehouse was built from."""
    sources = () if warehouse.missing({PROVENANCE: ()}) else read_sources(warehouse)
    if not sources:
        raise WarehouseError(
            f"{database} does not say what it was built from: {PROVENANCE} is missing or holds no dataset.\n"
            "Run the whole `dbt build`."
        )
    now = datetime.now(UTC)
    name, created = now.strftime("%Y%m%dT%H%M%SZ"), now.isoformat(timespec="seconds")
    return Edition(name, created, warehouse.is_simulated(), sources)


if __name__ == "__main__":
    main()
