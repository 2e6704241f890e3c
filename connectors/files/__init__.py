"""The engine ``files``: Parquet and CSV drops of a department, read into DuckDB in this process."""
