"""Several files change in a lake together or not at all.

The new files are staged first. An intent, one small file, then says what goes where: from that moment the change will
happen, and whoever opens the lake next finishes it if this process dies. Without an intent, staged files are leftovers.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import groupby

from dataelec.errors import DataElecError
from loaders.storage import Storage, is_inside

MANIFEST = "_manifest"
VINTAGES = "_vintages"
STAGING = "_staging"
INTENT = f"{STAGING}/intent.json"


@dataclass(frozen=True)
class Change:
    """One file's change: `staged` becomes `target` (None: the target goes), the old file is kept as `keep_as`."""

    target: str
    staged: str | None
    keep_as: str | None = None


def staged_path(target: str) -> str:
    """Return where the new file for `target` is staged."""
    return f"{STAGING}/new/{target}"


def is_unfinished(storage: Storage) -> bool:
    """Say whether an earlier change was interrupted, before or after its intent."""
    # Listing a bucket is eventually consistent; a file is asked for by name.
    return has_intent(storage) or storage.exists(STAGING)


def has_intent(storage: Storage) -> bool:
    """Say whether a change is under way, or was interrupted, whose intent is written: it will be finished."""
    return storage.exists(INTENT)


def commit(storage: Storage, changes: Sequence[Change]) -> None:
    """Make staged changes, in order; the caller holds the lake's lock."""
    step("before intent")
    storage.write(INTENT, json.dumps([asdict(change) for change in changes], indent=1).encode())
    _apply(storage, changes)


def recover(storage: Storage) -> bool:
    """Finish an interrupted change, or clear what never reached an intent; True if a change was finished."""
    if not is_unfinished(storage):
        return False
    intent = storage.find(INTENT)
    if intent is None:
        storage.delete_folder(STAGING)
        return False
    _apply(storage, _read_intent(storage, intent))
    return True


def give_up(storage: Storage) -> None:
    """Clear a folder of what was staged for a change that was refused: where the disk is full, room is what it lacks.

    What an intent names stays, to be finished. A bucket that refuses is asked nothing more: the next command clears it.
    """
    if storage.is_local and not has_intent(storage):
        with suppress(OSError):
            storage.delete_folder(STAGING)


def _read_intent(storage: Storage, content: bytes) -> list[Change]:
    """Return the changes of an intent; DataElecError unless all of them stay inside the lake.

    Whoever may write to a shared lake must not get other people's commands to move files elsewhere.
    """
    try:
        changes = [Change(**change) for change in json.loads(content)]
        optional = [path for change in changes for path in (change.staged, change.keep_as) if path is not None]
        is_sound = all(is_inside(path) for path in [*(change.target for change in changes), *optional])
    except (ValueError, TypeError):
        is_sound = False
    if not is_sound:
        raise DataElecError(
            f"{storage.root}/{INTENT} is not a landing of this lake: it names files outside it or cannot be read.",
            f"Nothing was moved. Find out who wrote it, delete {storage.root}/{STAGING} and run the command again.",
        )
    return changes


def _apply(storage: Storage, changes: Sequence[Change]) -> None:
    """Make the changes: data first, then the manifests that name them."""

    def make(change: Change) -> None:
        step(f"before {change.target}")
        _make(storage, change)

    for _, together in groupby(changes, key=lambda change: change.target.startswith((f"{MANIFEST}/", f"{VINTAGES}/"))):
        storage.side_by_side(make, list(together))
    step("before the intent is dropped")
    storage.delete(INTENT)
    step("before staging is cleared")
    storage.delete_folder(STAGING)


def _make(storage: Storage, change: Change) -> None:
    """Make one change; making it again after any interruption ends in the same files."""
    if change.staged is None:
        storage.delete(change.target)
        return
    if not storage.exists(change.staged):
        return  # Moved before an interruption.
    if change.keep_as and not storage.exists(change.keep_as):
        storage.copy(change.target, change.keep_as)
        step(f"kept {change.target}")
    storage.place(change.staged, change.target)


def step(name: str) -> None:
    """Do nothing: tests replace it to end the process here."""
