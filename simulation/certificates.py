"""Energy certificates of dwellings, in the form of ADEME's portal: a sample of each commune's main dwellings.

A certificate's heat loss is what its commune's homes lose per °C on average, more by what electric heating leaves out
(it heats by hours and rooms), times the dwelling's own. Labels follow the loss per m². A few losses lost their decimal
separator. Some dwellings were certified twice: the older certificate, of before works, is named by the newer one.
"""

import numpy as np
import pyarrow as pa

from simulation.defects import SourceDefect
from simulation.geography import Territories
from simulation.housing import BUILD_PERIODS, Housing
from simulation.tabulate import label_column, text_column

CERTIFICATES = "dpe03existant"
FIRST_DAY, LAST_DAY = np.datetime64("2021-07-01"), np.datetime64("2023-12-31")
RATED_SHARE, MOST = 0.02, 60
ENVELOPE_OVER_SLOPE = 1.5
"""Heat loss through the envelope over what a dwelling adds to the load: plausible, not measured."""
OWN_SPREAD = 0.35
LOST_SEPARATORS = 25
REPLACES_ONE_IN, BEFORE_WORKS = 12, 1.5
"""How often a certificate replaces the one before it, and what that one says the dwelling lost, over what is true."""
_ENERGIES = ("Électricité", "Gaz naturel", "Fioul domestique", "Bois - Bûches", "Réseau de Chauffage urbain")
_PERIODS = ("avant 1948", "avant 1948", "1948-1974", "1975-1977", "1989-2000", "2006-2012")
_LABELS = ("A", "B", "C", "D", "E", "F", "G")
_LABEL_BOUNDS_W_PER_K_M2 = (0.6, 0.9, 1.4, 2.0, 2.7, 3.5)


def certificate_table(
    rng: np.random.Generator, territories: Territories, housing: Housing
) -> tuple[pa.Table, list[SourceDefect]]:
    """Return the certificates as published, and those whose loss lost its separator."""
    electric = housing.electric
    per_dwelling = housing.heating_slope_w_per_c / np.maximum(electric, 1)
    count = np.minimum(np.ceil(RATED_SHARE * housing.mains), MOST).astype(np.int64)
    commune = np.repeat(np.arange(len(count)), count)
    share = electric / np.maximum(housing.mains, 1)
    is_electric = rng.random(len(commune)) < share[commune]
    energy = np.where(is_electric, 0, rng.integers(1, len(_ENERGIES), len(commune)))
    # Where no load is published no slope is known: a dwelling like others.
    typical = np.where(per_dwelling > 0, per_dwelling, np.median(per_dwelling[per_dwelling > 0]))
    area = np.round(np.clip(rng.lognormal(np.log(80), 0.4, len(commune)), 12, 300), 1)
    own = rng.lognormal(-(OWN_SPREAD**2) / 2, OWN_SPREAD, len(commune)) * area / area.mean()
    loss = np.round(ENVELOPE_OVER_SLOPE * typical[commune] * own, 1)
    label = np.searchsorted(_LABEL_BOUNDS_W_PER_K_M2, loss / area)
    day = FIRST_DAY + rng.integers(0, (LAST_DAY - FIRST_DAY).astype(int) + 1, len(commune))
    published = loss.copy()
    lost = rng.choice(len(commune), size=LOST_SEPARATORS, replace=False)
    published[lost] = np.round(loss[lost] * 10_000)
    numbers = [f"23{territories.commune_codes[c][:2]}E{i:07d}X" for i, c in enumerate(commune)]
    # Of two certificates of a commune that follow one another the first is the older one of the second's dwelling.
    replacing = np.flatnonzero((commune[1:] == commune[:-1]) & (np.arange(1, len(commune)) % REPLACES_ONE_IN == 0)) + 1
    replaced = np.full(len(commune), -1)
    replaced[replacing] = replacing - 1
    day[replacing - 1] = np.minimum(day[replacing - 1], day[replacing])
    published[replacing - 1] = np.round(BEFORE_WORKS * published[replacing - 1], 1)
    table = pa.table(
        {
            "numero_dpe": numbers,
            "numero_dpe_remplace": text_column(numbers, replaced),
            "date_etablissement_dpe": pa.array(day.astype("datetime64[D]")),
            "etiquette_dpe": label_column(_LABELS, label),
            "code_insee_ban": label_column(list(territories.commune_codes), commune),
            "type_energie_principale_chauffage": label_column(_ENERGIES, energy),
            "surface_habitable_logement": pa.array(area),
            "type_batiment": label_column(("maison", "appartement"), (rng.random(len(commune)) < 0.5).astype(np.int64)),
            "periode_construction": label_column(_PERIODS, rng.integers(0, len(BUILD_PERIODS), len(commune))),
            "ubat_w_par_m2_k": pa.array(np.round(loss / area / 2.2, 2)),
            "deperditions_enveloppe": pa.array(published),
        }
    )
    defects = [
        SourceDefect(
            CERTIFICATES,
            "decimal_separator_lost",
            numbers[i],
            column_name="deperditions_enveloppe",
            value_published=float(published[i]),
            value_true=float(loss[i]),
        )
        for i in lost
    ]
    return table, defects
