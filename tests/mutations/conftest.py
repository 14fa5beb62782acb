"""What became of each mistake, as a table at the end of the run."""

import pytest
from rich.console import Console
from rich.table import Table

VERDICTS = pytest.StashKey[dict[str, str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[VERDICTS] = {}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    verdicts = config.stash[VERDICTS]
    if not verdicts:
        return
    table = Table("mistake", "caught by")
    for name, verdict in verdicts.items():
        table.add_row(name, verdict)
    console = Console(width=120, force_terminal=False)
    with console.capture() as capture:
        console.print(table)
    terminalreporter.write_line("")
    terminalreporter.write(capture.get())
