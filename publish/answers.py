"""The worked questions with their answers as a spreadsheet: a sheet that lists them, one for each, the sources."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import xlsxwriter
from jinja2 import Environment

from dataelec.warehouse import Warehouse, WarehouseError
from publish.description import SIMULATED, Edition
from publish.tables import Table

SHEET_NAME_LENGTH = 31
WIDTHS = (60, 100, 36)


@dataclass(frozen=True)
class Question:
    """One worked question: its name, what it asks, what its answer means, and the query that answers it."""

    name: str
    title: str
    meaning: str
    query: str

    @property
    def sheet(self) -> str:
        """The name of its sheet, which a spreadsheet cuts off."""
        return self.name[:SHEET_NAME_LENGTH]


def read_questions(folder: Path, tables: Sequence[Table]) -> tuple[Question, ...]:
    """Return the questions of a folder, by name, as queries on these tables."""
    full_names = {table.name: table.full_name for table in tables}

    def schema_and_table(name: str) -> str:
        if name not in full_names:
            raise WarehouseError(
                f"A worked question asks {name}, which is not built.", "Run `dataelec build`: it makes the whole."
            )
        return full_names[name]

    environment = Environment()
    found = []
    for path in sorted(folder.glob("*.sql")):
        text = path.read_text("utf-8")
        head = [line for line in text.split("\n\n")[0].splitlines() if line.startswith("-- ")]
        title, *meaning = (line.removeprefix("-- ") for line in head)
        query = environment.from_string(text).render(schema_and_table=schema_and_table)
        found.append(Question(path.stem, title, " ".join(meaning), query))
    return tuple(found)


def write_answers(warehouse: Warehouse, questions: Sequence[Question], edition: Edition, path: Path) -> None:
    """Write the spreadsheet; the same rows give the same bytes."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
    with xlsxwriter.Workbook(path, options) as book:
        # What it was built from, not when: the file is a part of an edition, which is compared with the one before.
        newest = max(source.fetched_at for source in edition.sources)
        book.set_properties({"title": "DataElec", "created": datetime.fromisoformat(newest)})
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        dates = book.add_format({"num_format": "yyyy-mm-dd"})
        contents = book.add_worksheet("questions")
        label = SIMULATED if edition.is_simulated else ""
        contents.write_row(0, 0, (f"{label}Question", "What the answer means, and what not", "Sheet"), bold)
        for column, width in enumerate(WIDTHS):
            contents.set_column(column, column, width)
        for number, question in enumerate(questions, start=1):
            contents.write_row(number, 0, (question.title, question.meaning), wrapped)
            contents.write_url(number, 2, f"internal:'{question.sheet}'!A1", wrapped, question.sheet)
            sheet = book.add_worksheet(question.sheet)
            rows = warehouse.rows(question.query)
            sheet.write_row(1, 0, list(rows[0]) if rows else ["no rows"], bold)
            sheet.freeze_panes(2, 0)
            for row, values in enumerate(rows, start=2):
                for column, value in enumerate(values.values()):
                    sheet.write(row, column, value, *([dates] if hasattr(value, "year") else []))
            sheet.autofit()
            # After the widths are found, which a long title would set; printed or passed on, a sheet says what it is.
            sheet.write(0, 0, f"{label}{question.title}", bold)
        sources = book.add_worksheet("sources")
        sources.write_column(0, 0, [f"{label}Sources to cite", *(source.attribution for source in edition.sources)])
