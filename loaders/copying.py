"""Copies a whole lake, from a folder to a bucket or back: rows, manifest, history and what portals said."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dataelec.errors import DataElecError
from dataelec.scratch import scratch
from loaders import journal
from loaders.catalog import CATALOG
from loaders.lake import Lake, sha256_of
from loaders.storage import LOCK, Storage

UNFINISHED = "_copying"
# Their writing makes the target a lake: they come last, together.
_NAMING = (f"{journal.MANIFEST}/", f"{journal.VINTAGES}/")


@dataclass(frozen=True)
class Copied:
    """What a copy brought over; no files where the target was that copy already."""

    files: int
    bytes: int


def copy_lake(source: Lake, target: Lake, progress: Callable[[str], None] = lambda message: None) -> Copied:
    """Copy a lake to a place that holds none; DataElecError where a file is not as it was landed.

    An interrupted copy is not a lake yet; the same command starts it anew and clears what the first left.
    """
    source.settle()
    named = _naming(source.storage)
    if not named:
        raise DataElecError(f"There is no lake at {source.root}.", "`dataelec status --lake ADDRESS` looks for one.")
    hashes = _hashes(source)
    # The manifests are authoritative, whatever a listing returns.
    paths = sorted({*hashes, *filter(_is_content, source.storage.files())})
    sizes: list[int] = []
    with target.storage.lock(), scratch() as folder:
        journal.recover(target.storage)
        if target.exists():
            return _unchanged(target, named)
        _claim(target, paths)

        def carry(path: str) -> None:
            journal.step(f"before {path} is copied")
            sizes.append(_carry(source, target.storage, path, hashes.get(path), folder))
            progress(f"copied {len(sizes):,} of {len(paths):,} files")

        carrier = target if source.storage.is_local else source
        carrier.storage.side_by_side(carry, paths)
        if journal.has_intent(source.storage) or _naming(source.storage) != named:
            raise DataElecError(
                f"{source.root} changed while it was copied.",
                f"{target.root} is not a lake yet. Run the command again when nothing writes to {source.root}.",
            )
        changes = [target.stage(path, content) for path, content in sorted(named.items())]
        journal.commit(target.storage, [*changes, journal.Change(UNFINISHED, None)])
    return Copied(len(paths) + len(named), sum(sizes) + sum(map(len, named.values())))


def _naming(storage: Storage) -> dict[str, bytes]:
    """Return the manifests and histories of a lake."""
    paths = [f"{folder}{dataset}.json" for folder in _NAMING for dataset in CATALOG]
    found = zip(paths, storage.find_all(paths), strict=True)
    return {path: content for path, content in found if content is not None}


def _is_content(path: str) -> bool:
    return path not in (LOCK, UNFINISHED) and not path.startswith((f"{journal.STAGING}/", *_NAMING))


def _unchanged(target: Lake, named: dict[str, bytes]) -> Copied:
    if _naming(target.storage) == named:
        return Copied(0, 0)
    raise DataElecError(
        f"There is another lake at {target.root}: it is not overwritten.", "Name an empty place to copy to."
    )


def _claim(target: Lake, paths: list[str]) -> None:
    """Mark the target as a copy in progress; DataElecError where something else is there."""
    there = [path for path in target.storage.files() if path != LOCK]
    if there and UNFINISHED not in there:
        raise DataElecError(
            f"{target.root} is not empty ({there[0]}), and not an interrupted copy of a lake.",
            "Name an empty folder or an unused prefix to copy to.",
        )
    target.storage.write(UNFINISHED, b"A lake is being copied to this place; it is no lake until this file is gone.\n")
    for path in set(there) - {*paths, UNFINISHED}:
        target.storage.delete(path)


def _hashes(lake: Lake) -> dict[str, str]:
    hashes = {record.path: record.sha256 for records in lake.manifests().values() for record in records}
    for vintages in lake.storage.side_by_side(lake.vintages, list(CATALOG.values())):
        hashes |= {vintage.kept_as: vintage.record.sha256 for vintage in vintages if vintage.kept_as}
    return hashes


def _carry(source: Lake, target: Storage, path: str, sha256: str | None, folder: Path) -> int:
    """Copy one file and return its size."""
    try:
        local = source.storage.local_copy(path, folder)
        is_sound = sha256 is None or sha256_of(local) == sha256
    except FileNotFoundError:
        is_sound = False
    if not is_sound:
        raise DataElecError(
            f"{source.root}/{path} is missing or not as it was landed: it is not copied.",
            f"{target.root} is not a lake yet. `dataelec verify --lake {source.root}` names all such files.",
        )
    size = local.stat().st_size
    target.put(local, path)
    if not source.storage.is_local:
        local.unlink()
    return size
