"""What the lake says moved, knew and brings back equals what pandas makes of the same states; DuckLake judges too."""

from pathlib import Path

import pandas as pd

from loaders.lake import Lake
from research.validation.vintages import DATASET, KEY, judge, land, revised


def changes(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Return what DuckLake would say changed: each row that came, went, or differs, before and after."""
    both = old.merge(new, on=KEY, how="outer", suffixes=("_old", "_new"), indicator=True)
    is_kept = both["_merge"] == "both"
    differs = is_kept & (both["tmoy_old"] != both["tmoy_new"])
    found = [
        _side(both[rows], side).assign(change_type=change)
        for rows, side, change in (
            (both["_merge"] == "right_only", "new", "insert"),
            (both["_merge"] == "left_only", "old", "delete"),
            (differs, "old", "update_preimage"),
            (differs, "new", "update_postimage"),
        )
    ]
    return pd.concat(found, ignore_index=True)


def _side(rows: pd.DataFrame, side: str) -> pd.DataFrame:
    return rows[KEY].assign(**{name: rows[f"{name}_{side}"] for name in ("tmin", "tmax", "tmoy")})


def test_diff_looking_back_and_restoring_agree_with_pandas(tmp_path: Path) -> None:
    states = revised(4, seed=7)
    for number, state in enumerate(states):
        state.to_parquet(tmp_path / f"kept-{number}.parquet")
        if number:
            changes(states[number - 1], state).to_parquet(tmp_path / f"changes-{number}.parquet")
    lake = Lake(str(tmp_path / "lake"))
    land(lake, states, tmp_path)
    assert len(lake.vintages(DATASET)) == len(states) - 1
    assert judge(lake, len(states), tmp_path) == []
