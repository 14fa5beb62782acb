"""Datasets of Météo-France on data.gouv.fr: daily stations, one file per département and span of years."""

import datetime as dt

from loaders.catalog.entries import LICENCE, Column, Dataset, Kind, Partition

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
            Column("num_poste", Kind.CODE, needed=True, width=8),
            Column("nom_usuel", Kind.TEXT),
            Column("lat", Kind.NUMBER, needed=True, low=-90, high=90),
            Column("lon", Kind.NUMBER, needed=True, low=-180, high=180),
            Column("alti", Kind.NUMBER, needed=True, low=-100, high=5_000),
            Column("aaaammjj", Kind.DATE, needed=True),
            # Text, because missing values also come as `mq`; Q… are quality codes.
            *(Column(n, Kind.TEXT, needed=n in ("tn", "tx", "tm")) for n in ("tn", "qtn", "tx", "qtx", "tm", "qtm")),
        ),
        time_column="aaaammjj",
        first_day=dt.date(2012, 1, 1),
        any_of=("tn", "tx", "tm"),
        partition=Partition.DEPARTEMENT,
        rhythm_days=10,
    ),
)
