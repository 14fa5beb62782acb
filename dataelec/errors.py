"""The one error that people see: what is wrong, and what to do next."""

import errno
import os

_FULL = (errno.ENOSPC, errno.EDQUOT)


class DataElecError(Exception):
    """Something a person can act on; the command line prints it without a traceback and exits with 1."""

    def __init__(self, message: str, advice: str = "") -> None:
        """Keep what is wrong (`message`) apart from what to do next (`advice`)."""
        super().__init__(message)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.message}\n{self.advice}" if self.advice else self.message


def first_line(problem: Exception) -> str:
    """Return what a library says of a problem, without what it adds for programmers."""
    return str(problem).splitlines()[0] if str(problem) else type(problem).__name__


def is_disk_full(problem: Exception) -> bool:
    """Say whether a problem, the system's own or one that DuckDB passes on, is that there is no room to write."""
    if isinstance(problem, OSError) and problem.errno in _FULL:
        return True
    return any(os.strerror(number) in str(problem) for number in _FULL)
