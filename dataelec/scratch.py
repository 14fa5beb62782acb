"""Working folders among the temporary files: each goes when its work ends, and what a killed process left goes too."""

import fcntl
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = "dataelec-"
ALIVE = ".in-use"
# A folder is made before its mark: one without is left alone for so long, and so is what older versions made.
SECONDS_WITHOUT_MARK = 24 * 3600


@contextmanager
def scratch() -> Iterator[Path]:
    """Yield an empty folder for one piece of work, after clearing those whose process has ended."""
    clear_abandoned(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=PREFIX) as name:
        folder = Path(name)
        # The lock of an open file ends with its process, however that ends. It is held before the mark has its name: a
        # mark that nobody has locked yet would be taken for a dead one.
        coming = folder / f"{ALIVE}.new"
        with coming.open("w") as mark:
            fcntl.flock(mark, fcntl.LOCK_EX)
            coming.rename(folder / ALIVE)
            yield folder


def clear_abandoned(parent: Path) -> None:
    """Delete the working folders of processes that were killed; those in use, and other people's, stay."""
    for folder in parent.glob(f"{PREFIX}*"):
        with suppress(OSError):
            if _is_abandoned(folder):
                shutil.rmtree(folder)


def _is_abandoned(folder: Path) -> bool:
    if folder.is_symlink() or not folder.is_dir():
        return False
    try:
        with (folder / ALIVE).open("r") as mark:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
    except FileNotFoundError:
        return time.time() - folder.stat().st_mtime > SECONDS_WITHOUT_MARK
    except BlockingIOError:
        return False
