"""Who distributes electricity and gas where: Enedis nearly everywhere, local operators in a few départements."""

import numpy as np

from simulation.geography import Territories
from simulation.parameters import REGIONS, Floats, Ints

# Local operators, and how many of the simulated communes of a département they serve.
LOCAL_OPERATORS = {
    "38": ("GreenAlp", 1),
    "57": ("URM (Metz)", 2),
    "67": ("Strasbourg Électricité Réseaux", 6),
    "79": ("GÉRÉDIS", 5),
    "86": ("SRD", 4),
}
OPERATORS = ("Enedis", "EdF-SEI", *(name for name, _ in LOCAL_OPERATORS.values()), "RTE", "GRDF", "GRT Gaz", "Teréga")
TEREGA_REGIONS = ("75", "76")


def operators_of_communes(territories: Territories) -> Ints:
    """Return the position of each commune's electricity distributor in `OPERATORS`."""
    operator = np.zeros(len(territories.people), dtype=np.int64)
    for position, departement in enumerate(territories.departements):
        members = np.flatnonzero(territories.departement == position)
        if territories.load_region[departement.region] < 0:
            operator[members] = OPERATORS.index("EdF-SEI")
        elif departement.code in LOCAL_OPERATORS:
            name, count = LOCAL_OPERATORS[departement.code]
            operator[members[-count:]] = OPERATORS.index(name)
    return operator


def served_by_enedis(territories: Territories) -> Floats:
    """Return the part of the people of the twelve regions whose network is Enedis's."""
    loaded = territories.load_region[territories.region]
    is_enedis = operators_of_communes(territories) == 0
    people = np.bincount(loaded[loaded >= 0], territories.people[loaded >= 0], minlength=len(REGIONS))
    mine = (loaded >= 0) & is_enedis
    return np.asarray(np.bincount(loaded[mine], territories.people[mine], minlength=len(REGIONS)) / people)


def network_groups(territories: Territories) -> Ints:
    """Return twice the position of each commune's region among the twelve, plus one off Enedis; -1 for others."""
    loaded = territories.load_region[territories.region]
    return np.where(loaded >= 0, 2 * loaded + (operators_of_communes(territories) > 0), -1)
