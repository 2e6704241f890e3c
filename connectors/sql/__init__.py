"""SQL sources: PostgreSQL, MariaDB and SQLite."""
