"""A lake's files, in a folder or a bucket: one small set of operations over fsspec, paths relative to the lake."""

import hashlib
import logging
import os
import re
import shutil
import socket
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

import filelock
import fsspec

from dataelec.errors import DataElecError, first_line

LOCK = ".lock"
BUCKET_SCHEMES = ("gs://", "gcs://")
# A bucket answers a call in some 50 ms wherever the bytes come from: calls are made side by side.
CALLS_AT_ONCE = 32

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class LakeBusyError(DataElecError):
    """Another process holds the lake for writing."""


class LakeRefusedError(DataElecError):
    """A bucket refuses a call: credentials, or a role of theirs, are lacking."""


class Storage:
    """The files below one root. A write is seen whole or not at all; a local one is on disk when it returns.

    Where a bucket refuses or cannot be reached, a DataElecError says so, whatever was asked of it.
    """

    def __init__(self, root: str) -> None:
        """Open the folder or bucket prefix `root`; nothing is made until something is written."""
        self.root = root
        if root.startswith(BUCKET_SCHEMES):
            _prepare_bucket(root)
        try:
            self._fs: Any
            self._fs, self._base = fsspec.url_to_fs(root)
        except (ImportError, ValueError) as problem:
            raise DataElecError(
                f"The address `{root}` cannot be opened: {problem}",
                "Give a folder, or gs://bucket/prefix after `make extras` (elsewhere `pip install 'dataelec[gcs]'`).",
            ) from problem
        self.is_local = "file" in self._fs.protocol
        folders = (Path(self._base), *Path(self._base).parents) if self.is_local else ()
        if file := next((folder for folder in folders if folder.is_file()), None):
            raise DataElecError(f"{file} is a file, where a folder was to be.", "Name a folder or gs://bucket/prefix.")

    def address(self, path: str) -> str:
        """Return a file's full path in its file system."""
        return f"{self._base.rstrip('/')}/{path}"

    def exists(self, path: str) -> bool:
        """Say whether there is a file (or a folder holding files) at `path`."""
        if self.is_local:
            return Path(self.address(path)).exists()
        with self._explained():
            return bool(self._fs.exists(self.address(path)))

    def present(self, paths: Collection[str], folder: str) -> set[str]:
        """Return which of these files, all below `folder`, are there: listed once where each call takes its time."""
        if self.is_local or not paths:
            return {path for path in paths if self.exists(path)}
        listed = set(self.files(folder))
        # A list may come late.
        others = [path for path in paths if path not in listed]
        asked = zip(others, self.side_by_side(self.exists, others), strict=True)
        return {*listed.intersection(paths), *(path for path, is_there in asked if is_there)}

    def files(self, folder: str = "") -> list[str]:
        """Return the paths of all files (below `folder`), sorted; an empty list where nothing was written yet."""
        base = self._base.rstrip("/")
        if not self.is_local:
            # What another process wrote since must be seen.
            self._fs.invalidate_cache()
        with self._explained():
            found = self._fs.find(self.address(folder) if folder else base)
        return sorted(str(path).removeprefix(f"{base}/") for path in found)

    def sha256(self, path: str) -> str:
        """Return the hash of a file, read in pieces."""
        with self._explained(), self._fs.open(self.address(path), "rb") as stream:
            digest = hashlib.sha256()
            while piece := stream.read(1 << 20):
                digest.update(piece)
        return digest.hexdigest()

    def read(self, path: str) -> bytes:
        """Return a small file's bytes; FileNotFoundError where there is none."""
        with self._explained():
            content: bytes = self._fs.cat_file(self.address(path))
        return content

    def find(self, path: str) -> bytes | None:
        """Return a small file's bytes; None where there is none."""
        try:
            return self.read(path)
        except (FileNotFoundError, NotADirectoryError):
            return None

    def find_all(self, paths: Sequence[str]) -> list[bytes | None]:
        """Return what `find` returns of each path, in their order."""
        return self.side_by_side(self.find, paths)

    def side_by_side(self, work: Callable[[_Item], _Result], items: Iterable[_Item]) -> list[_Result]:
        """Return the results of `work`, in the order of the items: one after the other, or many calls at once."""
        if self.is_local:
            return [work(item) for item in items]
        with ThreadPoolExecutor(CALLS_AT_ONCE) as pool:
            return list(pool.map(work, items))

    def put(self, local: Path, path: str) -> None:
        """Copy a local file into the lake."""
        target = self.address(path)
        if not self.is_local:
            with self._explained(writes=True):
                self._fs.put_file(str(local), target)
            return
        with _naming(target):
            Path(target).parent.mkdir(parents=True, exist_ok=True)
            with local.open("rb") as source, Path(target).open("wb") as sink:
                shutil.copyfileobj(source, sink, 1 << 20)
                _flush(sink)

    def write(self, path: str, content: bytes) -> None:
        """Write a small file, replacing it whole."""
        target = self.address(path)
        if not self.is_local:
            with self._explained(writes=True):
                self._fs.pipe_file(target, content)
            return
        write_whole(Path(target), content)

    def copy(self, source: str, target: str) -> None:
        """Copy a file inside the lake, replacing it whole.

        In a folder that takes no room: files of a lake are replaced, never changed, so that a link is as good.
        """
        if not self.is_local:
            with self._explained():
                self._fs.cp_file(self.address(source), self.address(target))
            return
        Path(self.address(target)).parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(self.address(source), self.address(target))
        except FileNotFoundError:
            raise
        except OSError:
            # There is one already, or the disk knows no links.
            self.put(Path(self.address(source)), target + ".part")
            Path(self.address(target + ".part")).replace(self.address(target))

    def point(self, name: str, folder: str, last: str) -> None:
        """Make `name` stand for a folder: by a link, at once; in a bucket, which has none, by copies, `last` last."""
        if self.is_local:
            beside = Path(self.address(f"{name}.part"))
            beside.unlink(missing_ok=True)
            beside.symlink_to(folder, target_is_directory=True)
            beside.replace(self.address(name))
            return
        held = {path.removeprefix(f"{folder}/") for path in self.files(folder)}
        for path in sorted(held, key=lambda path: (path == last, path)):
            self.copy(f"{folder}/{path}", f"{name}/{path}")
        for path in self.files(name):
            if path.removeprefix(f"{name}/") not in held:
                self.delete(path)

    def place(self, staged: str, target: str) -> None:
        """Put a staged file in its place, replacing the target whole; a bucket, which has no rename, keeps both."""
        if not self.is_local:
            self.copy(staged, target)
            return
        Path(self.address(target)).parent.mkdir(parents=True, exist_ok=True)
        Path(self.address(staged)).replace(self.address(target))

    def delete(self, path: str) -> None:
        """Delete a file; nothing happens where there is none."""
        with self._explained(), suppress(FileNotFoundError):
            self._fs.rm_file(self.address(path))

    def delete_folder(self, path: str) -> None:
        """Delete a folder with what it holds; nothing happens where there is none."""
        with self._explained(), suppress(FileNotFoundError):
            if not self.is_local:
                self._fs.invalidate_cache()
            self._fs.rm(self.address(path), recursive=True)

    def local_copy(self, path: str, folder: Path) -> Path:
        """Return a local path to read a file from: the file itself, or a copy in `folder`."""
        if self.is_local:
            return Path(self.address(path))
        copy = folder / path.replace("/", "__")
        self.fetch(path, copy)
        return copy

    def fetch(self, path: str, target: Path) -> None:
        """Copy a file of the lake to a local path; FileNotFoundError where there is none."""
        if self.is_local:
            shutil.copyfile(self.address(path), target)
            return
        with self._explained():
            self._fs.get_file(self.address(path), str(target))

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the lake for writing; DataElecError at once if another process holds it."""
        if self.is_local:
            with self._folder_lock():
                yield
        else:
            with self._bucket_lock():
                yield

    @contextmanager
    def _folder_lock(self) -> Iterator[None]:
        Path(self._base).mkdir(parents=True, exist_ok=True)
        try:
            with filelock.FileLock(self.address(LOCK), timeout=0):
                yield
        except filelock.Timeout as busy:
            raise LakeBusyError(
                f"Another `dataelec` command is writing to {self.root}.",
                "Wait until it has ended, then run this command again.",
            ) from busy

    @contextmanager
    def _bucket_lock(self) -> Iterator[None]:
        """Hold the lake by a file that only one process can make: the bucket refuses the second who creates it."""
        try:
            generation = self._create_lock()
        except FileExistsError:
            generation = self._take_over_lock()
        try:
            yield
        finally:
            # If it was deleted and another command holds a lock of its own, that one stays.
            with suppress(FileExistsError):
                self._delete_lock(generation)

    def _create_lock(self) -> str:
        """Make the lock and return its generation; FileExistsError where there is one."""
        with self._explained(writes=True):
            self._fs.pipe_file(self.address(LOCK), _this_process().encode(), mode="create")
        return self._lock_generation()

    def _lock_generation(self) -> str:
        with self._explained(), suppress(FileNotFoundError):
            self._fs.invalidate_cache()
            return str(self._fs.info(self.address(LOCK)).get("generation", ""))
        return ""

    def _delete_lock(self, generation: str) -> None:
        """Delete the lock if it is still of this generation; FileExistsError where it is another's."""
        if not generation:
            self.delete(LOCK)
            return
        bucket, _, name = self.address(LOCK).partition("/")
        with self._explained(), suppress(FileNotFoundError):
            self._fs.call("DELETE", "b/{}/o/{}", bucket, name, ifGenerationMatch=generation)

    def _take_over_lock(self) -> str:
        """Take the lock of a process of this machine that died; DataElecError where its holder may be at work."""
        generation = self._lock_generation()
        holder = (self.find(LOCK) or b"").decode(errors="replace")
        if _is_dead(holder):
            with suppress(FileExistsError):
                self._delete_lock(generation)
                return self._create_lock()
        raise LakeBusyError(
            f"{self.root} is held for writing by {holder or 'another command'}.",
            f"Wait until that command has ended; if it was killed, delete {self.root}/{LOCK}, then run this one again.",
        )

    @contextmanager
    def _explained(self, writes: bool = False) -> Iterator[None]:
        """Turn what a bucket's libraries raise into a DataElecError; files that are not there are the caller's affair.

        A bucket answers a write with "not found" only where there is no bucket.
        """
        try:
            yield
        except FileExistsError:
            raise
        except FileNotFoundError as problem:
            if writes and not self.is_local:
                raise self._no_bucket() from problem
            raise
        except DataElecError:
            raise
        except Exception as problem:
            if self.is_local or isinstance(problem, NotADirectoryError):
                raise
            raise self._explanation(problem) from problem

    def _no_bucket(self) -> DataElecError:
        bucket = self._base.partition("/")[0]
        return DataElecError(
            f"There is no bucket `{bucket}`, or it may not be seen ({self.root}).",
            "Check its name; docs/bucket.md says how to make one and which roles it takes.",
        )

    def _explanation(self, problem: Exception) -> DataElecError:
        status = getattr(problem, "code", None) or getattr(problem, "status", None)
        said = first_line(problem)
        if said.startswith("Forbidden"):
            status = 403
        if status in (401, 403):
            return LakeRefusedError(
                f"{self.root} rejects the request (HTTP {status}): {_without_codes(problem)}",
                "Check the credentials (`gcloud auth application-default login`, or GOOGLE_APPLICATION_CREDENTIALS) and"
                " their role on the bucket (docs/bucket.md). What the lake held is untouched.",
            )
        if type(problem).__module__.startswith("google.auth"):
            return DataElecError(
                f"{self.root}: no usable Google credentials: {said}",
                "Run `gcloud auth application-default login` or set GOOGLE_APPLICATION_CREDENTIALS (docs/bucket.md).",
            )
        if status is None and type(problem).__module__.partition(".")[0] in ("aiohttp", "requests", "asyncio"):
            return DataElecError(
                f"{self.root} cannot be reached: {said}",
                "Check the network, a proxy perhaps; then run the command again. What the lake held is untouched.",
            )
        answer = f"HTTP {status}" if status else type(problem).__name__
        return DataElecError(
            f"{self.root} reports a server error ({answer}): {_without_codes(problem)}",
            "What the lake held is untouched. Run the command again later.",
        )


def is_inside(path: object) -> bool:
    """Say whether a path that a file of the lake names stays below the lake's root."""
    if not isinstance(path, str):
        return False
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith("/") and ".." not in parts and "\\" not in path


def _prepare_bucket(root: str) -> None:
    """Keep the bucket's library from waiting and from talking beside; DataElecError where no bucket is named."""
    if not root.partition("://")[2].strip("/"):
        raise DataElecError(f"The address `{root}` names no bucket.", "Write it as gs://bucket/prefix.")
    # Otherwise each call first asks, for a minute, whether the bucket has folders.
    os.environ.setdefault("GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT", "false")
    # It logs a traceback of whatever it raises too.
    for name in ("gcsfs", "google.auth"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _without_codes(problem: Exception) -> str:
    """Return what the bucket said, without the path and the status that gcsfs adds."""
    lines = str(problem).splitlines()
    said = (lines[-1] if lines else type(problem).__name__).strip()
    return re.sub(r", \d{3}$", "", said) or type(problem).__name__


def _this_process() -> str:
    return f"{socket.gethostname()}, process {os.getpid()}"


def _is_dead(holder: str) -> bool:
    """Say whether a lock's holder was a process of this machine that has ended; False where that is unknowable."""
    host, _, number = holder.rpartition(", process ")
    if host != socket.gethostname() or not number.isdigit():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def write_whole(path: Path, content: bytes) -> None:
    """Write a local file beside and put it in its place: whoever reads finds the old content or the new one.

    Where there is no room, the old one stays and nothing lies beside it.
    """
    beside = path.with_name(f"{path.name}.part")
    with _naming(str(path)):
        beside.parent.mkdir(parents=True, exist_ok=True)
        try:
            with beside.open("wb") as sink:
                sink.write(content)
                _flush(sink)
            beside.replace(path)
        except OSError:
            beside.unlink(missing_ok=True)
            raise


@contextmanager
def _naming(path: str) -> Iterator[None]:
    """Say of what the system refuses in this block which file it is about: of a full disk it does not."""
    try:
        yield
    except OSError as problem:
        problem.filename = problem.filename or path
        raise


def _flush(sink: Any) -> None:
    sink.flush()
    os.fsync(sink.fileno())
