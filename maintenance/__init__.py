"""What the project's own files are written by: seeds, what dbt repeats of the catalog, dbt's page of documentation."""
