"""Compares a lake's files with its manifest: what is missing, altered, or foreign."""

from dataclasses import dataclass

from loaders.catalog import CATALOG
from loaders.copying import UNFINISHED
from loaders.lake import Lake
from loaders.storage import LOCK

# What the lake itself keeps beside the data files.
OWN_FOLDERS = ("_manifest/", "_portal/", "_staging/", "_superseded/", "_truth/", "_vintages/")


@dataclass(frozen=True)
class Verification:
    """Paths relative to the lake; all is well where the last three are empty."""

    files: int
    missing: tuple[str, ...]
    altered: tuple[str, ...]
    foreign: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Whether every file is as it was landed and none was added."""
        return not (self.missing or self.altered or self.foreign)


def verify(lake: Lake) -> Verification:
    """Hash every file again, those of earlier states too.

    A foreign one lies where models read it or beside, without a manifest record.
    """
    recorded = {record.path: record for records in lake.manifests().values() for record in records}
    every = lake.storage.files()
    there = {path for path in every if path not in (LOCK, UNFINISHED) and not path.startswith(OWN_FOLDERS)}
    hashes = {path: record.sha256 for path, record in recorded.items()}
    for vintages in lake.storage.side_by_side(lake.vintages, list(CATALOG.values())):
        hashes |= {vintage.kept_as: vintage.record.sha256 for vintage in vintages if vintage.kept_as}
    present = sorted(hashes.keys() & set(every))
    found = lake.storage.side_by_side(lake.storage.sha256, present)
    return Verification(
        files=len(present),
        missing=tuple(sorted(hashes.keys() - set(every))),
        altered=tuple(path for path, sha256 in zip(present, found, strict=True) if sha256 != hashes[path]),
        foreign=tuple(sorted(there - recorded.keys())),
    )
