"""Where things are, from the environment; nothing else in the project's Python reads environment variables.

dbt reads the same ones in two places: the lake's in dbt_project.yml, the database's in profiles.yml. A test holds them
equal to what is here.
"""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dataelec.errors import DataElecError

TARGETS = ("sample", "live")
"""The two dbt targets: simulated data, real data."""
PROJECT = Path(__file__).parents[1]
"""Where this package stands: the project, unless somebody installed it apart."""
HOME = "DATAELEC_HOME"
LAKE, DATABASE, PUBLISHED = "lake/{}", "warehouse/{}.duckdb", "published/{}"
"""Where a target's things are below the project's folder, unless people set another place."""
PORTAL_URL = re.compile("DATAELEC_([A-Z_]+)_URL")


@dataclass(frozen=True)
class Settings:
    """The project's folder and what people set; None where they set nothing and the target's own place counts."""

    home: Path
    lake: str | None = None
    portal_urls: Mapping[str, str] = field(default_factory=dict)
    """Other addresses of portals, by portal."""
    database: str | None = None
    published: str | None = None
    as_of: str | None = None
    """The moment of which a build is to read what was known then."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read `DATAELEC_HOME` (default: the working directory) and every other `DATAELEC_` variable of the README."""
        named = (PORTAL_URL.fullmatch(name) for name in environment)
        return cls(
            home=Path(environment.get(HOME) or "."),
            lake=environment.get("DATAELEC_LAKE") or None,
            portal_urls={m[1].lower(): environment[m[0]] for m in named if m and environment[m[0]]},
            database=environment.get("DATAELEC_DATABASE") or None,
            published=environment.get("DATAELEC_PUBLISH") or None,
            as_of=environment.get("DATAELEC_AS_OF") or None,
        )

    def lake_root(self, target: str) -> str:
        """Return the address of the lake that a dbt target reads, absolute."""
        return self.anchored(self.lake or LAKE.format(target))

    def database_path(self, target: str) -> Path:
        """Return the warehouse file of a dbt target."""
        name = self.database or DATABASE.format(target)
        _refuse_unstorable(name)
        return self.home / name

    def published_root(self, target: str) -> str:
        """Return the address that a target's marts are published at, absolute."""
        return self.anchored(self.published or PUBLISHED.format(target))

    def anchored(self, address: str) -> str:
        """Return a bucket's address as it is and a folder as an absolute path, relative ones starting at `home`."""
        _refuse_unstorable(address)
        if "://" in address:
            scheme, _, place = address.partition("://")
            return f"{scheme}://{place.rstrip('/')}"
        return str((self.home / Path(address).expanduser()).absolute())


@contextmanager
def found_home() -> Iterator[None]:
    """Set the project's folder for a block and what it calls, dbt among others, where people set none.

    It is the folder that the command runs in or the nearest above that is the project, else the one this package is in.
    """
    if HOME in os.environ:
        yield
        return
    here = Path.cwd()
    homes = (folder for folder in (here, *here.parents, PROJECT) if (folder / "dbt_project.yml").is_file())
    home = next(homes, here)
    os.environ.update({HOME: "." if home == here else str(home)})
    try:
        yield
    finally:
        os.environ.pop(HOME)


def _refuse_unstorable(address: str) -> None:
    """Refuse a blank name, and one that is not valid UTF-8: DuckDB cannot open it, and no message can show it."""
    if not address.strip():
        raise DataElecError(
            "The name of a place is blank.",
            "Unset DATAELEC_LAKE, DATAELEC_DATABASE or DATAELEC_PUBLISH, whichever is, or name a place.",
        )
    shown = os.fsencode(address).decode("utf-8", errors="replace")
    if os.fsencode(shown) != os.fsencode(address):
        raise DataElecError(
            f"The path {shown} is not in UTF-8: the bytes of its name stand for no text.",
            "Nothing was written. Rename the folder, or name another place.",
        )
