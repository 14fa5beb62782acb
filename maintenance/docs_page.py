"""Mends the documentation page that `dbt docs generate --static` writes, so that it opens without an error.

dbt's page asks the disk some hundreds of times for pictures and an icon under names that its template leaves unfilled.
"""

MENDED = {
    # A name that Angular fills in later must not be requested before.
    '<use xlink:href="{{': '<use ng-attr-xlink:href="{{',
    "${require('./assets/favicons/favicon.ico')}": "data:,",
}


def mend(page: str) -> str:
    """Return the page without addresses that lead nowhere."""
    for wrong, right in MENDED.items():
        page = page.replace(wrong, right)
    return page
