"""What a view is, and how those that a warehouse can feed are told from those it cannot."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dataelec.warehouse import Needs, Warehouse
from report.figures import Drawing, Sheet, Text


@dataclass(frozen=True)
class Part:
    """A part of a screen with needs of its own: where a mart is not there, the rest of the screen still is.

    `draw` takes the code of a territory, and returns an empty drawing where the marts hold nothing about it.
    """

    name: str
    title: Text
    needs: Needs
    draw: Callable[[Warehouse, str], Drawing]


@dataclass(frozen=True)
class View:
    """One or several screens of the page.

    `needs` are the marts and columns without which the view is not shown. `sheets` reads them, and returns nothing
    where they hold no row to show. A view with `in_menu` has its first sheet in the page's menu.
    """

    name: str
    title: Text
    template: str
    needs: Needs
    sheets: Callable[[Warehouse], Sequence[Sheet]]
    in_menu: bool = True
    parts: Sequence[Part] = ()


@dataclass(frozen=True)
class Missing:
    """A view or part that is not shown, and the marts or columns that it lacks; none where the marts are empty."""

    what: View | Part
    lacks: Sequence[str]


def gather(views: Sequence[View], warehouse: Warehouse) -> tuple[list[tuple[View, Sequence[Sheet]]], list[Missing]]:
    """Read every view that the warehouse can feed; the others come back with what they lack."""
    shown: list[tuple[View, Sequence[Sheet]]] = []
    missing: list[Missing] = []
    for view in views:
        lacks = warehouse.missing(view.needs)
        sheets = [] if lacks else view.sheets(warehouse)
        if sheets:
            shown.append((view, sheets))
            absent = [(part, warehouse.missing(part.needs)) for part in view.parts]
            listed = [each.what for each in missing]
            missing.extend(Missing(part, lacks) for part, lacks in absent if lacks and part not in listed)
        else:
            missing.append(Missing(view, lacks))
    return shown, missing


def drawn(parts: Sequence[Part], warehouse: Warehouse, territory_code: str) -> Drawing:
    """All that the parts can draw of a territory, in their order."""
    return sum((part.draw(warehouse, territory_code) for part in parts if not warehouse.missing(part.needs)), Drawing())
