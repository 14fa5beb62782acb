"""RTE's own CO2 rate of one June, recomputed from its production and the factors of the seed."""

import csv
from pathlib import Path

import pytest

from research.project import PROJECT

SEED = PROJECT / "seeds/production/emission_factors.csv"
KINDS = {"coal": "Charbon", "oil": "Fioul", "gas": "Gaz", "bioenergy": "Bioénergies"}
FED_IN = (*KINDS.values(), "Nucléaire", "Eolien", "Solaire", "Hydraulique", "Pompage")
RATE = "Taux de Co2"


@pytest.mark.parametrize(("factor_set", "mean", "largest"), [("rte_2016", 0.4, 1.0), ("rte_current", 6.5, 8.5)])
def test_the_factors_of_2016_give_rtes_rate_of_june_2016(
    real_data: Path, factor_set: str, mean: float, largest: float
) -> None:
    """To the rounding of the rate with the factors of then; those of today are told apart from them."""
    file = real_data / "odre" / "eco2mix-regional-tr" / "eCO2mix_RTE_En-cours-TR.xls"
    with SEED.open(encoding="utf-8") as seed:
        factors = {
            KINDS[row["production_kind_code"]]: float(row["co2_t_per_mwh"])
            for row in csv.DictReader(seed)
            if row["factor_set_code"] == factor_set
        }
    with file.open(encoding="latin-1") as text:
        rows = [row for row in csv.DictReader(text, delimiter="\t") if row[RATE]]
    errors = [
        1_000 * sum(factor * float(row[kind]) for kind, factor in factors.items()) / sum(float(row[x]) for x in FED_IN)
        - float(row[RATE])
        for row in rows
    ]
    assert len(errors) > 2_000
    assert sum(map(abs, errors)) / len(errors) == pytest.approx(mean, abs=0.2)
    assert max(map(abs, errors)) < largest
