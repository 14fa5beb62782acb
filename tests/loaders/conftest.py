"""What all tests of this folder need: small exports pass for whole datasets."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from loaders.catalog import CATALOG


@pytest.fixture(autouse=True, scope="module")
def small_datasets_pass() -> Iterator[None]:
    """No dataset needs many rows, so that a stand-in may publish a handful."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NO_PROXY", "127.0.0.1,localhost")
        for dataset_id, entry in CATALOG.items():
            patch.setitem(CATALOG, dataset_id, replace(entry, fewest_rows=1))
        yield


@pytest.fixture(autouse=True)
def catalog_keeps_its_order() -> Iterator[None]:
    """An entry that a test takes out comes back last, and files are written in the catalog's order."""
    order = list(CATALOG)
    yield
    for dataset_id in order:
        CATALOG[dataset_id] = CATALOG.pop(dataset_id)
