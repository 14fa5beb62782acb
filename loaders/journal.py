"""Several files change in a lake together or not at all.

The new files are staged first. An intent, one small file, then says what goes where: from that moment the change will
happen, and whoever opens the lake next finishes it if this process dies. Without an intent, what is staged is rubbish.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from loaders.storage import Storage

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
    return storage.exists(STAGING)


def commit(storage: Storage, changes: Sequence[Change]) -> None:
    """Make staged changes, in order; the caller holds the lake's lock."""
    step("before intent")
    storage.write(INTENT, json.dumps([asdict(change) for change in changes], indent=1).encode())
    _apply(storage, changes)


def recover(storage: Storage) -> bool:
    """Finish an interrupted change, or clear what never reached an intent; True if a change was finished."""
    if not is_unfinished(storage):
        return False
    if not storage.exists(INTENT):
        storage.delete(STAGING)
        return False
    _apply(storage, [Change(**change) for change in json.loads(storage.read(INTENT))])
    return True


def _apply(storage: Storage, changes: Sequence[Change]) -> None:
    for change in changes:
        step(f"before {change.target}")
        _make(storage, change)
    step("before the intent is dropped")
    storage.delete(INTENT)
    step("before staging is cleared")
    storage.delete(STAGING)


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
    storage.move(change.staged, change.target)


def step(name: str) -> None:
    """Do nothing: tests replace it to end the process here."""
