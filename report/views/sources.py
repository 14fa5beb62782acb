"""Where the figures come from: every dataset that the warehouse was built on."""

from dataelec.warehouse import Warehouse
from report.figures import Sheet, Text
from report.views.base import View

MART = "analysis.data_provenance"
NEEDS = {
    MART: (
        "dataset_code",
        "dataset_label_fr",
        "producer_label_fr",
        "licence_label_fr",
        "is_held",
        "rows_count",
        "first_day",
        "last_day",
        "fetched_at",
    )
}


def sheets(warehouse: Warehouse) -> list[Sheet]:
    """One screen: the datasets available, then the names of those that are not."""
    rows = warehouse.rows(
        f"select * from {MART} order by strip_accents(producer_label_fr), strip_accents(dataset_label_fr), dataset_code"
    )
    held = [row for row in rows if row["is_held"]]
    if not held:
        return []
    return [Sheet("sources", VIEW.title, {"held": held, "absent": [row for row in rows if not row["is_held"]]})]


VIEW = View("sources", Text("Sources", "Sources"), "sources.html", NEEDS, sheets)
