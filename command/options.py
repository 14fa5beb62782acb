"""What several commands share: options, progress on a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console

from dataelec.settings import TARGETS

lake_option = click.option(
    "--lake",
    metavar="ADDRESS",
    help="The lake: a folder or gs://bucket/prefix. Default: DATAELEC_LAKE, else the one named below.",
)
target_option = click.option(
    "--target", type=click.Choice(TARGETS), default=TARGETS[0], show_default=True, help="dbt target that was built."
)
database_option = click.option(
    "--database",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Another database file, such as a copy. Default: DATAELEC_DATABASE, else the target's own.",
)


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Yield a function that tells what is going on, on a terminal only."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda message: None
        return
    with console.status("starting") as spinner:
        yield lambda message: spinner.update(message)
