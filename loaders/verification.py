"""Compares a lake's files with its manifest: what is missing, altered, or foreign."""

from dataclasses import dataclass

from loaders.catalog import CATALOG
from loaders.lake import Lake
from loaders.storage import LOCK

# What the lake itself keeps beside the data files.
OWN_FOLDERS = ("_manifest/", "_portal/", "_staging/", "_superseded/", "_truth/")


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
    """Hash every file again; a foreign one lies where models read it or beside, without a manifest record."""
    recorded = {record.path: record for dataset in CATALOG.values() for record in lake.all_records(dataset)}
    there = {path for path in lake.storage.files() if path != LOCK and not path.startswith(OWN_FOLDERS)}
    present = sorted(recorded.keys() & there)
    return Verification(
        files=len(present),
        missing=tuple(sorted(recorded.keys() - there)),
        altered=tuple(path for path in present if lake.storage.sha256(path) != recorded[path].sha256),
        foreign=tuple(sorted(there - recorded.keys())),
    )
