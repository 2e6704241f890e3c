"""Dealing out whole numbers by weight, so that the parts add up."""

from collections.abc import Sequence
from itertools import accumulate, pairwise


def apportion(total: int, weights: Sequence[float], least: int = 0) -> list[int]:
    """``total`` in parts by ``weights``, each at least ``least``; the parts add up to ``total`` exactly.

    Raises ``ValueError`` if ``total`` cannot give every part its least.
    """
    free = total - least * len(weights)
    if free < 0:
        raise ValueError(f"{total} cannot give {len(weights)} parts {least} each")
    whole = sum(weights)
    edges = [round(free * edge / whole) for edge in accumulate(weights, initial=0.0)]
    return [least + high - low for low, high in pairwise(edges)]
