"""Which of the project's packages may import which: arrows go one way, down to `dataelec`."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from research.project import PROJECT

BELOW = {
    "dataelec": set[str](),
    "loaders": {"dataelec"},
    "simulation": {"dataelec", "loaders"},
    "report": {"dataelec"},
    "publish": {"dataelec", "loaders"},
    "maintenance": {"dataelec", "loaders"},
    "command": {"dataelec", "loaders", "simulation", "report", "publish", "maintenance"},
    "research": {"dataelec", "loaders", "report"},
}


def imported(path: Path) -> Iterator[str]:
    """The top-level names that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield path.relative_to(PROJECT).parts[0] if node.level else str(node.module).split(".")[0]


@pytest.mark.parametrize("package", BELOW)
def test_a_package_imports_what_lies_below_it_alone(package: str) -> None:
    modules = list((PROJECT / package).rglob("*.py"))
    assert modules
    ours = {*BELOW, "tests"}
    upward = {
        (path.relative_to(PROJECT).as_posix(), name)
        for path in modules
        for name in imported(path)
        if name in ours and name not in {package, *BELOW[package]}
    }
    assert upward == set()


def test_every_package_is_named_here() -> None:
    packages = {path.parent.name for path in PROJECT.glob("*/__init__.py")}
    assert packages == {*BELOW, "tests"}
