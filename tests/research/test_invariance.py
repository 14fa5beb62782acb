"""What may not change the published slopes: the order of rows, the names of regions, where zero lies, the unit."""

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from research.validation.coverage import run_sql
from research.validation.observed import Observed
from research.validation.simulation import DAYS_QUERY

pytestmark = pytest.mark.slow

SLOPES = ["heating_slope_mw_per_c", "heating_slope_mw_per_c_se", "cooling_slope_mw_per_c"]
KEYS = ["territory_code", "window_code", "specification_code"]


def as_client_type(days: pd.DataFrame, client_type_code: str) -> pd.DataFrame:
    rows = days.assign(series_code=days["territory_code"] + f"|{client_type_code}|daily")
    return rows.drop(columns="territory_code")


@pytest.fixture(scope="module")
def published(sample_warehouse: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    """The published fits of the same days told in several ways, each a client type of one run of the SQL."""
    with duckdb.connect(str(sample_warehouse), read_only=True) as warehouse:
        days = warehouse.execute(DAYS_QUERY).df()
    regions = sorted(days["territory_code"].unique())
    next_region = dict(zip(regions, regions[1:] + regions[:1], strict=True))
    told = {
        "plain": days,
        "shuffled": days.sample(frac=1, random_state=5),
        "doubled": days.assign(load_mean_mw=2 * days["load_mean_mw"]),
        "raised": days.assign(load_mean_mw=days["load_mean_mw"] + 10_000),
        "renamed": days.assign(territory_code=days["territory_code"].map(next_region)),
    }
    rows = pd.concat([as_client_type(frame, name) for name, frame in told.items()], ignore_index=True)
    # Shuffled rows stand among those of the other series, too.
    observed = Observed(sample_warehouse, sample_warehouse.parent / "target")
    fits, _ = run_sql(observed, rows.sample(frac=1, random_state=7), tmp_path_factory.mktemp("told"))
    tables = {name: fits[fits["client_type_code"] == name].set_index(KEYS).sort_index() for name in told}
    # The renamed table under the old names.
    old_name = {new: old for old, new in next_region.items()} | {"FR": "FR"}
    tables["renamed"] = tables["renamed"].rename(index=old_name, level="territory_code").sort_index()
    return tables


@pytest.mark.parametrize("specification", ["common", "free", "season_adjusted"])
@pytest.mark.parametrize(("told", "factor"), [("shuffled", 1), ("raised", 1), ("renamed", 1), ("doubled", 2)])
def test_slopes_follow_the_days_alone(
    published: dict[str, pd.DataFrame], told: str, factor: int, specification: str
) -> None:
    plain = published["plain"].xs(specification, level="specification_code")
    other = published[told].xs(specification, level="specification_code")
    # Twelve regions and France over the whole span at least.
    assert plain["heating_slope_mw_per_c_se"].notna().sum() >= 13
    pd.testing.assert_frame_equal(other[SLOPES], factor * plain[SLOPES], rtol=1e-9)


@pytest.mark.parametrize("told", ["shuffled", "doubled", "renamed"])
def test_verdicts_follow_the_days_alone(published: dict[str, pd.DataFrame], told: str) -> None:
    plain, other = published["plain"], published[told]
    for column in ("heating_fit_status", "cooling_fit_status", "fit_reason_codes"):
        pd.testing.assert_series_equal(other[column], plain[column])
