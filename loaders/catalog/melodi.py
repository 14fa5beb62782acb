"""Datasets of Melodi, INSEE's interface to its statistical tables."""

from loaders.catalog.entries import COMMUNE, DEPARTEMENT, EPCI, LICENCE, REGION, Column, Dataset, Kind

_DIMENSIONS = ("rp_measure", "ocs", "l_stay", "tdw", "nrg_src", "carpark", "nor", "tsh", "cars", "build_end")

DATASETS = (
    Dataset(
        dataset_id="DS_RP_LOGEMENT_PRINC",
        portal="melodi",
        title="Logements au recensement de la population, exploitation principale",
        producer="INSEE",
        licence=LICENCE,
        grain="territory, census year and combination of dimensions, `_T` for all; dwellings",
        key=("geo", "geo_object", "time_period", *_DIMENSIONS),
        columns=(
            Column(
                "geo",
                Kind.TEXT,
                needed=True,
                codes_by=(
                    "geo_object",
                    {"COM": COMMUNE, "ARM": COMMUNE, "DEP": DEPARTEMENT, "REG": REGION, "EPCI": EPCI},
                ),
            ),
            Column("geo_object", Kind.TEXT, needed=True),
            Column("time_period", Kind.INTEGER, needed=True, low=1960, high=2100),
            *(Column(name, Kind.TEXT, needed=True) for name in _DIMENSIONS),
            Column("obs_status", Kind.TEXT),
            Column("obs_value", Kind.NUMBER, needed=True, aliases=("OBS_VALUE_NIVEAU",), low=0, high=2e9),
        ),
        time_column="time_period",
        rhythm_days=550,
        fewest_rows=1_000_000,
        member=r".*_data\.csv",
    ),
)
