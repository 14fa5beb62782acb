"""What dbt-duckdb calls when it has opened a warehouse: the lake's reading copy is made beside it.

DuckDB lets one process write to a warehouse, so that no other build reads the copy meanwhile.
"""

import datetime as dt
import sys
import time
from pathlib import Path
from typing import Any

from dbt.adapters.duckdb.plugins import BasePlugin
from dbt_common.exceptions import DbtRuntimeError
from duckdb import DuckDBPyConnection

from dataelec.errors import DataElecError
from dataelec.settings import Settings
from loaders.lake import Lake
from loaders.pinning import Pinned, pin
from loaders.vintages import instant


class Plugin(BasePlugin):
    """Pins the lake once a process, as soon as the warehouse is open."""

    target: str

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """Take the target, whose lake counts where DATAELEC_LAKE names no other."""
        self.target = plugin_config["target"]

    def configure_connection(self, conn: DuckDBPyConnection) -> None:
        """Make the reading copy that all sources read; dbt shows what is wrong as it shows its own errors."""
        try:
            self._pin()
        except DataElecError as problem:
            raise DbtRuntimeError(str(problem)) from problem
        except OSError as problem:
            raise DbtRuntimeError(
                f"The lake cannot be read beside the warehouse: {problem}\nCheck permissions and the space left there."
            ) from problem

    def _pin(self) -> None:
        assert self.creds is not None
        settings = Settings.from_environment()
        lake = Lake(settings.lake_root(self.target))
        started = time.monotonic()
        pinned = pin(lake, reading_copy(self.creds.path), as_of(settings.as_of))
        if not lake.storage.is_local and pinned.fetched:
            print(_said(lake.root, pinned, time.monotonic() - started), file=sys.stderr)


def reading_copy(database: str) -> Path:
    """Return where the reading copy of a warehouse lies; `dbt_project.yml` says the same to dbt."""
    return Path(f"{database}.lake")


def as_of(text: str | None) -> dt.datetime | None:
    """Return the moment that DATAELEC_AS_OF names, None where it is not set; DataElecError where it names none."""
    if text is None:
        return None
    try:
        return instant(text)
    except (ValueError, OverflowError):
        raise DataElecError(
            f"DATAELEC_AS_OF is {text!r}, not a date or an instant.",
            "Write it like 2026-01-31 or 2026-01-31T08:00:00+01:00.",
        ) from None


def _said(root: str, pinned: Pinned, seconds: float) -> str:
    megabytes = pinned.fetched_bytes / 1e6
    return f"Fetched {pinned.fetched} of {pinned.files} files ({megabytes:.1f} MB) of {root} in {seconds:.1f} s"
