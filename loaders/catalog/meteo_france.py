"""Datasets of Météo-France: daily stations on data.gouv.fr, and the 62 stations of SYNOP on Opendatasoft's own portal.

SYNOP also comes as Météo-France's monthly files (`synop.YYYYMM.csv.gz`), with the same field ids.
"""

import datetime as dt

from loaders.catalog.entries import LICENCE, MODALITY, Code, Column, Dataset, Kind, Order, Partition

DATASETS = (
    Dataset(
        dataset_id="donnees-climatologiques-de-base-quotidiennes",
        portal="meteo_france",
        title="Données climatologiques de base quotidiennes (RR-T-Vent)",
        producer="Météo-France",
        licence=LICENCE,
        grain="station and day; °C",
        key=("num_poste", "aaaammjj"),
        columns=(
            Column("num_poste", Kind.CODE, needed=True, code=Code(r"\d[\dAB]\d{6}", 8)),
            Column("nom_usuel", Kind.TEXT),
            Column("lat", Kind.NUMBER, needed=True, low=-90, high=90),
            Column("lon", Kind.NUMBER, needed=True, low=-180, high=180),
            Column("alti", Kind.NUMBER, needed=True, low=-100, high=5_000),
            Column("aaaammjj", Kind.DATE, needed=True),
            # `mq` (manquant) stands for a missing value; Q… are quality codes.
            *(
                column
                for name in ("tn", "tx", "tm")
                for column in (
                    Column(name, Kind.NUMBER, needed=True, low=-60, high=60, nulls=("mq",)),
                    Column(f"q{name}", Kind.CODE, code=MODALITY),
                )
            ),
        ),
        time_column="aaaammjj",
        # A station may lack days; its mean of 24 hours may lie below a minimum that is taken until 18:00.
        ordered=(Order(("tn", "tx")), Order(("tn", "tm", "tx"), most_broken=0.05)),
        first_day=dt.date(2012, 1, 1),
        any_of=("tn", "tx", "tm"),
        partition=Partition.DEPARTEMENT,
        rhythm_days=10,
    ),
    Dataset(
        dataset_id="donnees-synop-essentielles-omm",
        portal="opendatasoft",
        title="Données SYNOP essentielles OMM",
        producer="Météo-France",
        licence=LICENCE,
        grain="station and three hours, UTC; kelvin, m/s, %",
        key=("numer_sta", "date"),
        columns=(
            Column("numer_sta", Kind.CODE, needed=True, aliases=("ID OMM station",), code=Code(r"\d{5}", 5)),
            Column("date", Kind.INSTANT, needed=True, aliases=("Date",)),
            # The monthly files write `mq` (manquant) for a missing value; a sky that cannot be seen is 101.
            Column("t", Kind.NUMBER, needed=True, aliases=("Température",), low=180, high=330, nulls=("mq",)),
            Column(
                "ff", Kind.NUMBER, needed=True, aliases=("Vitesse du vent moyen 10 mn",), low=0, high=120, nulls=("mq",)
            ),
            Column("u", Kind.NUMBER, needed=True, aliases=("Humidité",), low=0, high=100, nulls=("mq",)),
            Column("n", Kind.NUMBER, needed=True, aliases=("Nebulosité totale",), low=0, high=101, nulls=("mq",)),
        ),
        time_column="date",
        is_proved=True,
        # A month of lead for the yearly consumption of 2011, the oldest that is set against degree days.
        first_day=dt.date(2010, 12, 1),
        partition=Partition.YEAR,
        rhythm_days=10,
        fewest_rows=1_000_000,
    ),
)
