"""How it was computed, in plain words; needs no mart, so it is always there."""

from dataelec.warehouse import Warehouse
from report.figures import Sheet, Text
from report.views.base import View


def sheets(warehouse: Warehouse) -> list[Sheet]:
    """One screen of text."""
    return [Sheet("method", VIEW.title)]


VIEW = View("method", Text("Méthode", "Method"), "method.html", {}, sheets)
