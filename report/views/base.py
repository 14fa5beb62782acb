"""What a view is, and how those that a warehouse can feed are told from those it cannot."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from report.figures import Sheet, Text
from report.warehouse import Needs, Warehouse


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


@dataclass(frozen=True)
class Missing:
    """A view that is not shown, and the marts or columns that it lacks; none where the marts are empty."""

    view: View
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
        else:
            missing.append(Missing(view, lacks))
    return shown, missing
