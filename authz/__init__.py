"""Decisions about field coordinates, row scopes and masks. Knows nothing of sources."""
