"""The synthetic city: divisions, units, organisations, members, staff and events, the same for the same seed and scale.

Plain Python without any package of the hub: the demo's data must not share code with what reads it. Every identifier
lies in a range that belongs to nobody (see :mod:`demo.city.identifiers`). :mod:`demo.city.tables` says how the three
departments store it, :mod:`demo.city.generator` streams the rows, :mod:`demo.sources` loads them.
"""
