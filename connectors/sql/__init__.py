"""SQL sources: PostgreSQL, MariaDB/MySQL and SQLite."""
