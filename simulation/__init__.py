"""Simulated sources: the portals' datasets with planted slopes and planted defects, to build and test offline."""

from simulation.simulation import DEFAULT_SEED, Simulation, simulate
from simulation.writer import SIMULATOR_VERSION, write_sample

__all__ = ["DEFAULT_SEED", "SIMULATOR_VERSION", "Simulation", "simulate", "write_sample"]
