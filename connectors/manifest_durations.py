"""Durations in manifests: a number with its unit, such as ``26h``.

Neighbours: :mod:`connectors.manifest` and :mod:`connectors.manifest_pulls` read them.
"""

import re
from typing import Final

from schema.messages import manifest_files
from schema.yaml_nodes import MappingNode

_DURATION = re.compile(r"([1-9][0-9]{0,5})(s|min|h|d)\Z")
_SECONDS: Final = {"s": 1, "min": 60, "h": 3_600, "d": 86_400}


def read_seconds(node: MappingNode, key: str) -> int | None:
    """The required duration under ``key`` in seconds; ``None``: reported."""
    text = node.take_str(key)
    match = None if text is None else _DURATION.match(text)
    if text is not None and match is None:
        node.problems.report(node.place_of(key), manifest_files.DURATION_FORM(key=key))
    return None if match is None else int(match[1]) * _SECONDS[match[2]]
