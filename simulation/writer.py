"""Writes a simulated lake: the datasets like any import, the truth in `_truth/`, which no model reads."""

import datetime as dt
import json
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from loaders.lake import Lake
from loaders.landing import land_tables
from simulation.simulation import DEFAULT_SEED, Simulation, simulate

SIMULATOR_VERSION = 8
"""Raise it whenever the same seed would give other tables or another truth."""
TRUTH_FOLDER = "_truth"
MARKER = f"{TRUTH_FOLDER}/sample.json"


def write_sample(lake_root: str, seed: int = DEFAULT_SEED) -> bool:
    """Write the sample of a seed number into the lake at `lake_root`; False if it already holds exactly that.

    A sample of another seed is replaced whole. DataElecError if the lake holds real data.
    """
    lake = Lake(lake_root)
    lake.settle()
    lake.refuse_mixture(is_simulated=True)
    if lake.is_simulated() and held_sample(lake) == identity(seed):
        # Datasets that the catalog has learnt of since get their empty file.
        with lake.writing():
            return False
    # Until all is written the lake is of no seed, so that an interrupted sample is written again.
    lake.storage.delete(MARKER)
    simulation = simulate(seed)
    published_at = dt.datetime.combine(simulation.last_day, dt.time(), dt.UTC) + dt.timedelta(days=31)
    # Fixed times: the same seed gives the same bytes.
    land_tables(lake, simulation.tables, is_simulated=True, loaded_at=published_at, vintage_at=published_at)
    write_truth(lake, simulation)
    return True


def identity(seed: int) -> dict[str, Any]:
    """Return what tells one sample from another."""
    return {"seed": seed, "simulator_version": SIMULATOR_VERSION}


def held_sample(lake: Lake) -> dict[str, Any] | None:
    """Return the identity of the sample in the lake; None if there is no complete one."""
    if not lake.storage.exists(MARKER):
        return None
    marker: dict[str, Any] = json.loads(lake.storage.read(MARKER))
    return {key: marker.get(key) for key in identity(0)}


def write_truth(lake: Lake, simulation: Simulation) -> None:
    """Write `_truth/<table>.parquet` and last the marker that says which sample this is."""
    for name, table in simulation.truth.items():
        lake.storage.write(f"{TRUTH_FOLDER}/{name}.parquet", parquet_bytes(table))
    marker = identity(simulation.seed) | {
        "first_day": simulation.first_day.isoformat(),
        "last_day": simulation.last_day.isoformat(),
        "tables": sorted(simulation.truth),
    }
    lake.storage.write(MARKER, (json.dumps(marker, indent=2) + "\n").encode())


def parquet_bytes(table: pa.Table) -> bytes:
    """Return a table as a Parquet file."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    content: bytes = sink.getvalue().to_pybytes()
    return content
