"""Gets the published data into a lake: the catalog, the portals, the files that people hold, the simulation."""
