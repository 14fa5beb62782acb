"""Published files: every mart as Parquet and CSV, with a data dictionary and a machine-readable description."""
