"""Mends the documentation page that `dbt docs generate --static` writes, so that it opens without an error.

`python -m report.docs_page target/static_index.html`; dbt's page asks the disk some hundreds of times for pictures and
an icon under names that its own template leaves unfilled.
"""

from pathlib import Path

import click

MENDED = {
    # A name that Angular fills in later must not be asked for before.
    '<use xlink:href="{{': '<use ng-attr-xlink:href="{{',
    "${require('./assets/favicons/favicon.ico')}": "data:,",
}


def mend(page: str) -> str:
    """Return the page without addresses that lead nowhere."""
    for wrong, right in MENDED.items():
        page = page.replace(wrong, right)
    return page


@click.command()
@click.argument("page", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def main(page: Path) -> None:
    """Mend the page in place."""
    page.write_text(mend(page.read_text("utf-8")), "utf-8")
    click.echo(f"Open {page} in a browser.")


if __name__ == "__main__":
    main()
