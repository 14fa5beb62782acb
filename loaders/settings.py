"""Where things are, from the environment; nothing else in the package reads environment variables."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

LIVE_LAKE = "lake/live"
SAMPLE_LAKE = "lake/sample"
PORTAL_URL = re.compile("DATAELEC_([A-Z_]+)_URL")


@dataclass(frozen=True)
class Settings:
    """The project's folder and the lake asked for; `lake` is None where the environment names none."""

    home: Path
    lake: str | None
    portal_urls: Mapping[str, str] = field(default_factory=dict)
    """Other addresses of portals, by portal."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read `DATAELEC_HOME` (default: the working directory), `DATAELEC_LAKE` and all `DATAELEC_<PORTAL>_URL`."""
        named = (PORTAL_URL.fullmatch(name) for name in environment)
        return cls(
            home=Path(environment.get("DATAELEC_HOME") or "."),
            lake=environment.get("DATAELEC_LAKE") or None,
            portal_urls={m[1].lower(): environment[m[0]] for m in named if m and environment[m[0]]},
        )

    def lake_root(self, default: str) -> str:
        """Return the lake's address: the one set, else `default`; a relative folder starts at `home`."""
        return self.anchored(self.lake or default)

    def anchored(self, address: str) -> str:
        """Return a bucket's address as it is and a folder as an absolute path, relative ones starting at `home`."""
        if "://" in address:
            return address.rstrip("/")
        return str((self.home / Path(address).expanduser()).absolute())
