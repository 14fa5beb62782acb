"""A lake's files, in a folder or a bucket: one small set of operations over fsspec, paths relative to the lake."""

import hashlib
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import filelock
import fsspec

from dataelec.errors import DataElecError

LOCK = ".lock"


class Storage:
    """The files below one root. A write is seen whole or not at all; a local one is on disk when it returns."""

    def __init__(self, root: str) -> None:
        """Open the folder or bucket prefix `root`; nothing is made until something is written."""
        self.root = root
        if root.startswith(("gs://", "gcs://")):
            # Otherwise each call first asks, for a minute, whether the bucket has folders.
            os.environ.setdefault("GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT", "false")
        try:
            self._fs: Any
            self._fs, self._base = fsspec.url_to_fs(root)
        except (ImportError, ValueError) as problem:
            raise DataElecError(
                f"The address `{root}` cannot be opened: {problem}",
                "Give a folder, or gs://bucket/prefix after `pip install 'dataelec[gcs]'`.",
            ) from problem
        self.is_local = "file" in self._fs.protocol

    def address(self, path: str) -> str:
        """Return a file's full path in its file system."""
        return f"{self._base.rstrip('/')}/{path}"

    def exists(self, path: str) -> bool:
        """Say whether there is a file (or a folder holding files) at `path`."""
        return bool(self._fs.exists(self.address(path)))

    def files(self) -> list[str]:
        """Return the paths of all files, sorted; an empty list where nothing was written yet."""
        base = self._base.rstrip("/")
        return sorted(str(found).removeprefix(f"{base}/") for found in self._fs.find(base))

    def sha256(self, path: str) -> str:
        """Return the hash of a file, read in pieces."""
        with self._fs.open(self.address(path), "rb") as stream:
            digest = hashlib.sha256()
            while piece := stream.read(1 << 20):
                digest.update(piece)
        return digest.hexdigest()

    def read(self, path: str) -> bytes:
        """Return a small file's bytes."""
        content: bytes = self._fs.cat_file(self.address(path))
        return content

    def put(self, local: Path, path: str) -> None:
        """Copy a local file into the lake."""
        target = self.address(path)
        if not self.is_local:
            self._fs.put_file(str(local), target)
            return
        Path(target).parent.mkdir(parents=True, exist_ok=True)
        with local.open("rb") as source, Path(target).open("wb") as sink:
            shutil.copyfileobj(source, sink, 1 << 20)
            _flush(sink)

    def write(self, path: str, content: bytes) -> None:
        """Write a small file, replacing it whole."""
        target = self.address(path)
        if not self.is_local:
            self._fs.pipe_file(target, content)
            return
        beside = Path(target + ".part")
        beside.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as sink:
            sink.write(content)
            _flush(sink)
        beside.replace(target)

    def copy(self, source: str, target: str) -> None:
        """Copy a file inside the lake, replacing it whole."""
        if not self.is_local:
            self._fs.cp_file(self.address(source), self.address(target))
            return
        self.put(Path(self.address(source)), target + ".part")
        Path(self.address(target + ".part")).replace(self.address(target))

    def move(self, source: str, target: str) -> None:
        """Move a file inside the lake, replacing the target whole; a bucket copies, then deletes."""
        if not self.is_local:
            self.copy(source, target)
            self.delete(source)
            return
        Path(self.address(target)).parent.mkdir(parents=True, exist_ok=True)
        Path(self.address(source)).replace(self.address(target))

    def delete(self, path: str) -> None:
        """Delete a file, or a folder with what it holds; nothing happens where there is none."""
        if self.exists(path):
            self._fs.rm(self.address(path), recursive=True)

    def local_copy(self, path: str, folder: Path) -> Path:
        """Return a local path to read a file from: the file itself, or a copy in `folder`."""
        if self.is_local:
            return Path(self.address(path))
        copy = folder / path.replace("/", "__")
        self._fs.get_file(self.address(path), str(copy))
        return copy

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
            raise DataElecError(
                f"Another `dataelec` command is writing to {self.root}.",
                "Wait until it has ended, then run this command again.",
            ) from busy

    @contextmanager
    def _bucket_lock(self) -> Iterator[None]:
        holder = f"{socket.gethostname()}, process {os.getpid()}"
        try:
            self._fs.pipe_file(self.address(LOCK), holder.encode(), mode="create")
        except FileExistsError as busy:
            raise DataElecError(
                f"{self.root} is held for writing by {self.read(LOCK).decode()}.",
                f"Wait until that command has ended; if it was killed, delete {self.root}/{LOCK}.",
            ) from busy
        try:
            yield
        finally:
            self.delete(LOCK)


def _flush(sink: Any) -> None:
    sink.flush()
    os.fsync(sink.fileno())
