"""Freezing the counts of closed years: changes are told, what did not change keeps its reason, no simulated data."""

from pathlib import Path

import duckdb
import pytest

from dataelec.errors import DataElecError
from maintenance.frozen_counts import COLUMNS, SEED, counts_of, freeze_counts
from research.project import PROJECT


def test_counts_that_changed_get_the_new_reason(tmp_path: Path) -> None:
    seed = tmp_path / "frozen.csv"
    seed.write_text(",".join(COLUMNS) + "\nfact,2016,12,100,first\nfact,2017,12,200,first\n", encoding="utf-8")
    changed = freeze_counts([("fact", 2016, 12, 100), ("fact", 2017, 12, 201)], "revised by RTE", seed)
    assert changed == [("fact", 2017, 12, 201)]
    assert seed.read_text(encoding="utf-8").splitlines()[1:] == [
        "fact,2016,12,100,first",
        "fact,2017,12,201,revised by RTE",
    ]


def test_simulated_data_is_not_frozen(sample: duckdb.DuckDBPyConnection, sample_warehouse: Path) -> None:
    sample.close()
    with pytest.raises(DataElecError, match="simulated"):
        counts_of(sample_warehouse)


def test_the_seed_is_what_the_real_files_count(real_warehouse: Path, tmp_path: Path) -> None:
    copy = tmp_path / "frozen.csv"
    copy.write_bytes((PROJECT / SEED).read_bytes())
    assert freeze_counts(counts_of(real_warehouse), "test", copy) == []
    assert copy.read_bytes() == (PROJECT / SEED).read_bytes()
