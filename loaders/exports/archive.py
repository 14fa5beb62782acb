"""Takes the one plain file out of a gzip or zip file."""

import errno
import gzip
import lzma
import re
import zipfile
import zlib
from pathlib import Path
from typing import IO

from dataelec.errors import DataElecError, first_line
from loaders.exports.base import CHUNK, head_of
from loaders.exports.foreign import refuse_documents

# Exports of few distinct values shrink to a fiftieth; a small file may shrink to anything.
MOST_DECOMPRESSED = 250
SMALL = 64 << 20
_GZIP, _ZIP = b"\x1f\x8b", (b"PK\x03\x04", b"PK\x05\x06")


def unwrapped(path: Path, name: str, folder: Path, member: str) -> Path:
    """Return the plain file: `path` itself, or what it holds decompressed to `folder`."""
    head = head_of(path)
    if head.startswith(_GZIP):
        return _decompressed(path, name, folder)
    if head.startswith(_ZIP):
        return _unzipped(path, name, folder, member)
    return path


def is_packed(head: bytes) -> bool:
    """Say whether a file with these first bytes has to be unpacked."""
    return head.startswith((_GZIP, *_ZIP))


def _decompressed(path: Path, name: str, folder: Path) -> Path:
    target = folder / "decompressed"
    try:
        with gzip.open(path, "rb") as source:
            _decompress(source, target, name, path.stat().st_size)
    except (EOFError, gzip.BadGzipFile, zlib.error) as problem:
        raise DataElecError(f"{name} is a cut or damaged gzip file: {problem}", "Download it again.") from problem
    return target


def _unzipped(path: Path, name: str, folder: Path, member: str) -> Path:
    # The name that the archive gives a file is never used as a path: it could climb out.
    target = folder / "unzipped"
    try:
        with zipfile.ZipFile(path) as archive:
            chosen = _chosen_member(archive, name, member)
            with archive.open(chosen) as source:
                _decompress(source, target, name, chosen.compress_size)
    except (zipfile.BadZipFile, EOFError, zlib.error, lzma.LZMAError, RuntimeError, OSError) as problem:
        if isinstance(problem, OSError) and problem.errno is not None:
            raise  # The system's; what bzip2 says of damage has no number.
        raise DataElecError(
            f"{name} is a cut, damaged or locked zip file: {first_line(problem)}", "Download it again."
        ) from problem
    return target


def _decompress(source: IO[bytes] | gzip.GzipFile, target: Path, name: str, compressed: int) -> None:
    """Write what an archive holds to a file; DataElecError where it grows beyond any export, or there is no room."""
    largest = max(SMALL, MOST_DECOMPRESSED * compressed)
    size = 0
    try:
        with target.open("wb") as sink:
            while chunk := source.read(CHUNK):
                size += len(chunk)
                if size > largest:
                    raise DataElecError(
                        f"{name} decompresses to more than {MOST_DECOMPRESSED} times its size"
                        f" ({size / 1e6:,.0f} MB and more): no export does, a zip bomb would.",
                        "Nothing was landed. Look at where the file comes from.",
                    )
                _write(sink, chunk)
    except OSError as problem:
        if problem.errno != errno.ENOSPC:
            raise
        raise DataElecError(
            f"{name} cannot be unpacked: no space left after {size / 1e6:,.0f} MB.",
            "Nothing was landed. Make room where temporary files go (TMPDIR), then run the command again.",
        ) from problem


def _write(sink: IO[bytes], chunk: bytes) -> None:
    sink.write(chunk)


def _chosen_member(archive: zipfile.ZipFile, name: str, member: str) -> zipfile.ZipInfo:
    members = [m for m in archive.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX/")]
    names = [m.filename for m in members]
    climbing = [n for n in names if n.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", n) or n[1:2] == ":"]
    if climbing:
        raise DataElecError(
            f"{name} holds a file whose path leads out of the archive: {climbing[0]!r}.",
            "Nothing was unpacked. No portal makes such archives: look at where the file comes from.",
        )
    refuse_documents(name, names)
    if len(members) > 1 and member:
        wanted = re.compile(member, re.IGNORECASE)
        members = [m for m in members if wanted.fullmatch(m.filename.rpartition("/")[2])]
    if len(members) != 1:
        listed = ", ".join(names[:5]) or "nothing"
        wanted_one = f", {len(members)} of them like `{member}`" if member else ""
        raise DataElecError(
            f"{name} holds {len(names)} files ({listed}){wanted_one}.", "Extract the one wanted and import it."
        )
    return members[0]
