"""Datasets of Météo-France on data.gouv.fr: daily stations, one file per département and span of years."""

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
)
