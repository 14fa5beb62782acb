"""Gives text as UTF-8 without a byte order mark, whatever encoding people saved it in."""

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np
import pyarrow as pa

from dataelec.errors import DataElecError
from loaders.exports.base import CHUNK, head_of

# Control characters that no export holds: they tell a binary file, or text of two bytes a character.
_NO_TEXT = bytes({*range(32), 127} - set(b"\t\n\r"))
# An accented French letter in UTF-8; in Latin-1 these two bytes would be `Ã` before a sign, which no word has.
_UTF8_ACCENT = re.compile(rb"\xc3[\x80-\xbf]")

# The first bytes of combining accents (U+0300 to U+036F) in UTF-8.
_COMBINING = (b"\xcc", b"\xcd")


def as_utf8(path: Path, name: str, folder: Path) -> tuple[Path, bool]:
    """Return a UTF-8 file without byte order mark with the same text, itself where it is one, and `is_composed`."""
    encoding, is_composed = _encoding(path, name)
    has_mark = head_of(path).startswith(codecs.BOM_UTF8)
    if encoding == "utf-8" and not has_mark:
        return path, is_composed
    target = folder / "utf8"
    with path.open("rb") as source, target.open("wb") as sink:
        if has_mark:
            source.seek(len(codecs.BOM_UTF8))
        for text in _decoded(source, encoding):
            sink.write(text.encode())
    return target, is_composed


def _encoding(path: Path, name: str) -> tuple[str, bool]:
    """Return `utf-8`, or `cp1252` (Latin-1 with its printable extensions), and whether no accent stands alone.

    DataElecError for anything else.
    """
    is_composed = _looks_composed(path)
    if is_composed is not None:
        return "utf-8", is_composed
    with path.open("rb") as stream:
        if _is_text(stream, "cp1252"):
            _refuse_mixture(path, name)
            return "cp1252", True
    raise DataElecError(
        f"{name} is neither text in UTF-8 or Latin-1 nor a Parquet file.",
        "Export it again as CSV, JSON or Parquet, or save it as UTF-8.",
    )


def _looks_composed(path: Path) -> bool | None:
    """Say whether a file in UTF-8 has no accent as a character of its own; None where it is not UTF-8.

    Arrow validates at the speed of memory, chunks of which stay in the processor's.
    """
    is_composed = True
    with path.open("rb") as stream:
        rest = b""
        while chunk := stream.read(CHUNK):
            chunk = rest + chunk if rest else chunk
            # A character may go on in the next chunk: up to three bytes behind its first.
            cut = len(chunk)
            while cut and len(chunk) - cut < 4 and chunk[cut - 1] & 0xC0 == 0x80:
                cut -= 1
            if cut and chunk[cut - 1] & 0xC0 == 0xC0:
                cut -= 1
            else:
                cut = len(chunk)
            chunk, rest = (chunk[:cut], chunk[cut:]) if cut < len(chunk) else (chunk, b"")
            if not _is_valid(chunk):
                return None
            is_composed = is_composed and not any(first in chunk for first in _COMBINING)
        return is_composed if not rest or _is_valid(rest) else None


def _is_valid(chunk: bytes) -> bool:
    # The control characters of a binary file come early; NUL may also come late, where a disk ran full.
    if b"\0" in chunk or len(chunk[:4096].translate(None, _NO_TEXT)) < len(chunk[:4096]):
        return False
    offsets = pa.py_buffer(np.array([0, len(chunk)], dtype=np.int32).tobytes())
    try:
        pa.Array.from_buffers(pa.string(), 1, [None, offsets, pa.py_buffer(chunk)]).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _refuse_mixture(path: Path, name: str) -> None:
    """Refuse text that is UTF-8 in one line and Latin-1 in another: read as either, some accents would be garbled."""
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if _UTF8_ACCENT.search(line):
                raise DataElecError(
                    f"{name} mixes UTF-8 and Latin-1: line {number} has accents in UTF-8, others have not.",
                    "Download it again, or save it whole as UTF-8.",
                )


def _is_text(stream: IO[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := stream.read(CHUNK):
            decoder.decode(chunk)
            if len(chunk.translate(None, _NO_TEXT)) < len(chunk):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _decoded(stream: IO[bytes], encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    while chunk := stream.read(CHUNK):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)
