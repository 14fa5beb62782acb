"""The portals that datasets are loaded from: one module per kind, one entry per portal."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from loaders.http import Client
from loaders.portals.base import Portal
from loaders.portals.data_fair import DataFair
from loaders.portals.data_gouv import DataGouv
from loaders.portals.enedis import Enedis
from loaders.portals.holidays import Holidays
from loaders.portals.insee import InseeFiles
from loaders.portals.melodi import Melodi
from loaders.portals.opendatasoft import Opendatasoft


@dataclass(frozen=True)
class Entry:
    """A portal: its name in messages, where it is, and what speaks its language."""

    name: str
    url: str
    kind: Callable[[Client, dt.date], Portal]
    calls_a_minute: int | None = None
    """How many calls the portal grants, where it says so."""
    file_hosts: tuple[str, ...] = ()
    """Other hosts that it keeps files on."""


PORTALS: dict[str, Entry] = {
    "odre": Entry("ODRÉ", "https://odre.opendatasoft.com", Opendatasoft),
    "ore": Entry("Agence ORE", "https://opendata.agenceore.fr", DataFair),
    "enedis": Entry("Enedis", "https://opendata.enedis.fr", Enedis),
    "edf": Entry("EDF", "https://opendata.edf.fr", Opendatasoft),
    "insee": Entry("INSEE", "https://www.insee.fr", InseeFiles),
    "melodi": Entry("Melodi", "https://api.insee.fr/melodi", Melodi, calls_a_minute=30),
    "meteo_france": Entry(
        "data.gouv.fr", "https://www.data.gouv.fr", DataGouv, file_hosts=("object.files.data.gouv.fr",)
    ),
    "opendatasoft": Entry("public.opendatasoft.com", "https://public.opendatasoft.com", Opendatasoft),
    "ademe": Entry("ADEME", "https://data.ademe.fr", DataFair),
    "etalab": Entry("Etalab", "https://etalab-datasets.geo.data.gouv.fr", InseeFiles),
    "education": Entry("data.education.gouv.fr", "https://data.education.gouv.fr", Opendatasoft),
    "holidays": Entry("calendrier.api.gouv.fr", "https://calendrier.api.gouv.fr", Holidays),
}
