"""What a view is, and which views a warehouse can feed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dataelec.warehouse import Needs, Warehouse
from report.figures import Drawing, Sheet, Text

COUNTRY = "FR"  # the code of the whole country, as `dim_territories` has it


@dataclass(frozen=True)
class Panel:
    """A block of a screen with needs of its own: where a mart is not there, the rest of the screen still is.

    `draw` takes the code of a territory, and returns an empty drawing where the marts have nothing about it.
    """

    name: str
    title: Text
    needs: Needs
    draw: Callable[[Warehouse, str], Drawing]


@dataclass(frozen=True)
class View:
    """One or several screens of the page.

    `needs` are the marts and columns without which the view is not shown. `sheets` reads them, and returns nothing
    where they have no row to show. A view with `in_menu` has its first sheet in the page's menu.
    """

    name: str
    title: Text
    template: str
    needs: Needs
    sheets: Callable[[Warehouse], Sequence[Sheet]]
    in_menu: bool = True
    panels: Sequence[Panel] = ()


@dataclass(frozen=True)
class Missing:
    """A view or panel that is not shown, and the marts or columns that it lacks; none where the marts are empty."""

    what: View | Panel
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
            absent = [(panel, warehouse.missing(panel.needs)) for panel in view.panels]
            listed = [each.what for each in missing]
            missing.extend(Missing(panel, lacks) for panel, lacks in absent if lacks and panel not in listed)
        else:
            missing.append(Missing(view, lacks))
    return shown, missing


def drawn(panels: Sequence[Panel], warehouse: Warehouse, territory_code: str) -> Drawing:
    """All that the panels can draw of a territory, in their order."""
    return sum(
        (panel.draw(warehouse, territory_code) for panel in panels if not warehouse.missing(panel.needs)), Drawing()
    )
