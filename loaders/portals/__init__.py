"""The portals that datasets are loaded from: one module per kind, one entry per portal."""

from collections.abc import Callable
from dataclasses import dataclass

from loaders.http import Client
from loaders.portals.base import Portal
from loaders.portals.data_fair import DataFair
from loaders.portals.opendatasoft import Opendatasoft


@dataclass(frozen=True)
class Entry:
    """A portal: its name in messages, where it is, and what speaks its language."""

    name: str
    url: str
    kind: Callable[[Client], Portal]


PORTALS: dict[str, Entry] = {
    "odre": Entry("ODRÉ", "https://odre.opendatasoft.com", Opendatasoft),
    "ore": Entry("Agence ORE", "https://opendata.agenceore.fr", DataFair),
    "enedis": Entry("Enedis", "https://opendata.enedis.fr", DataFair),
    "education": Entry("data.education.gouv.fr", "https://data.education.gouv.fr", Opendatasoft),
}
