"""What documents promise: links that lead somewhere, and two READMEs that say the same."""

import re
import tomllib
import unicodedata
from pathlib import Path

import pytest

from research.project import PROJECT

PAGES = [
    *sorted(PROJECT.glob("*.md")),
    *sorted((PROJECT / "docs").rglob("*.md")),
    PROJECT / "analyses" / "README.md",
    *sorted((PROJECT / ".github").rglob("*.md")),
]
ENGLISH, FRENCH = ((PROJECT / name).read_text(encoding="utf-8") for name in ("README.md", "README.fr.md"))


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives the headings of a page."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    kept = ("".join(c for c in heading.lower() if c.isalnum() or c in " -_") for heading in headings)
    return {unicodedata.normalize("NFC", heading.replace(" ", "-")) for heading in kept}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(PROJECT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for target, anchor in re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)", page.read_text(encoding="utf-8")):
        linked = page.parent / target if target else page
        assert linked.exists(), target
        assert not anchor or anchor in anchors(linked), f"{target}#{anchor}"


@pytest.mark.parametrize(
    "pattern",
    [
        r"<!--[=?]([^>]*)-->",  # figures
        r"(?:`|^)make ([a-z-]+)",
        r"(?:`|/)dataelec ([a-z]+)\b",
        r"\]\(((?!README)[^)#]+)",  # links
        r"^from ([a-z]+\.[a-z_]+)",  # tables of the queries
    ],
)
def test_both_languages_name_the_same_things(pattern: str) -> None:
    """The French README may leave out what it refers to the English one for; it may add nothing and change nothing."""
    english, french = (set(re.findall(pattern, text, re.MULTILINE)) for text in (ENGLISH, FRENCH))
    assert french
    assert french <= english
    if pattern.startswith(("<!--", r"\]\(")):
        assert french == english


def test_the_newest_changes_are_those_of_this_version() -> None:
    version = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    headings = re.findall(r"^## (.+)$", (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    released = [re.fullmatch(r"(\d+\.\d+\.\d+) \(\d{4}-\d\d-\d\d\)", heading) for heading in headings]
    assert next(found[1] for found in released if found) == version
    assert [heading for heading, found in zip(headings, released, strict=True) if not found] in ([], ["Unreleased"])


def test_settings_are_those_of_the_command() -> None:
    pages = ((PROJECT / name).read_text(encoding="utf-8") for name in ("docs/settings.md", "command/main.py"))
    documented, offered = (set(re.findall(r"\bDATAELEC_(?:[A-Z_]+|<PORTAL>_URL)", page)) for page in pages)
    assert documented == offered - {"DATAELEC_ODRE_URL"}
