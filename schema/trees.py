"""Subtrees by code prefix: the codes whose hierarchy is written in the code itself.

``ORG``: Party organisation codes, 15 digits, three per level, zero-padded on the right. Zeros are trimmed in whole
groups of three only: ``001010000000000`` -> ``001010`` (``00101`` would also match the neighbour ``001011...``).
``DIV``: administrative division codes of 6, 9 or 12 digits (GB/T 2260 and below); a code is its own prefix. The
prefecture's code ``430700`` covers its counties, so a 6-digit code ending in ``00`` is cut to four digits.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, assert_never


class Tree(StrEnum):
    """A hierarchy that is a code prefix."""

    ORG = "org"
    DIV = "div"


PREFIX_LENGTHS: Final[Mapping[Tree, tuple[int, ...]]] = {Tree.ORG: (3, 6, 9, 12, 15), Tree.DIV: (4, 6, 9, 12)}
"""How long a `subtree_prefix` can be."""


def subtree_prefix(tree: Tree, code: str) -> str:
    """The prefix all codes below ``code`` (and itself) share. Raises ``ValueError`` for a code of another shape."""
    match tree:
        case Tree.ORG:
            if len(code) != 15 or not code.isdecimal():
                raise ValueError("an organisation code has 15 digits")
            end = 15
            while end > 3 and code[end - 3 : end] == "000":
                end -= 3
            return code[:end]
        case Tree.DIV:
            if len(code) not in (6, 9, 12) or not code.isdecimal():
                raise ValueError("a division code has 6, 9 or 12 digits")
            return code[:4] if len(code) == 6 and code.endswith("00") else code
        case _:
            assert_never(tree)
