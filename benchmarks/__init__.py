"""Load benchmark: the hub against the usual way (Strawberry, SQLAlchemy, DataLoader) and hand-written SQL endpoints.

``python -m benchmarks`` makes the data, starts the servers, checks that all of them answer alike, and measures them in
interleaved rounds. Nothing of the hub's packages imports this one.
"""
