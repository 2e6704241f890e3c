"""REST services behind a mirror (D22): read in windows of time, answered from a SQLite file, never asked live."""
