"""What a downloaded Parquet export is, or what it is instead."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from loaders.http import PortalError

MAGIC = b"PAR1"
QUOTED = 300
AGAIN = "Nothing of it was landed. Run the command again later."


def refuse_incomplete(portal: str, file: Path, announced: int) -> None:
    """Raise PortalError unless a download is a Parquet file with as many rows as were announced."""
    try:
        rows = int(pq.read_metadata(file).num_rows)
    except (pa.ArrowException, OSError):
        raise PortalError(_what_it_is(portal, file), AGAIN) from None
    if rows != announced:
        raise PortalError(
            f"{portal}: {file.name} has {rows:,} rows where {announced:,} were announced.",
            "Nothing of it was landed. The portal may be republishing: run the command again later.",
        )


def _what_it_is(portal: str, file: Path) -> str:
    size, name = file.stat().st_size, file.name
    with file.open("rb") as stream:
        head = stream.read(QUOTED)
        stream.seek(max(0, size - QUOTED))
        tail = stream.read()
    if not size:
        return f"{portal}: the export {name} is empty, 0 bytes."
    if head.lstrip().startswith(b"<"):
        return f"{portal} answered with an HTML page instead of the export {name}."
    if not head.startswith(MAGIC):
        return f"{portal} sent no export {name} but: {_text(head)}"
    if b"interrupted" in tail.lower():
        start = _text(tail).lower().find("streaming")
        return f"{portal} broke the export {name} off: {_text(tail)[max(0, start) :]}"
    return f"{portal}: the export {name} is cut or damaged after {size:,} bytes."


def _text(content: bytes) -> str:
    """Return readable text out of bytes that may hold anything."""
    decoded = content.decode("utf-8", errors="ignore")
    return " ".join("".join(c if c.isprintable() else " " for c in decoded).split())
