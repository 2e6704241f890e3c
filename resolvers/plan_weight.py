"""How much memory a plan takes, in bytes, estimated from its texts. Neighbour: :mod:`resolvers.pipeline` bounds its
plans by it.
"""

from collections.abc import Iterator
from typing import Final

from resolvers.fetch_plan import Checked, Connection, ExecutablePlan, Node, OneOf

PLAN_BYTES: Final = 512 * 2**20
"""Of all plans together: 1,500 lists over three tables each (340 KB), or 40,000 look-ups by key (13 KB); an eighth of
the memory that ``deploy/`` gives a replica."""
_BASE: Final = 8 * 2**10
_PER_CHARACTER: Final = 40
"""A statement keeps the expressions it was compiled from, a generated function its code: 17 to 40 bytes for each
character, measured over plans of 1 to 140 nodes in memory and in MariaDB's dialect."""


def plan_weight(plan: ExecutablePlan) -> int:
    """Estimated bytes, rather too many than too few."""
    characters = sum(len(keys.fetch.prepared.statement) for keys in plan.key_sets)
    for root in plan.roots:
        if root.target is not None:
            characters += sum(map(_characters, _nodes(root.target)))
    return _BASE + _PER_CHARACTER * characters


def _nodes(target: Node | OneOf | Connection) -> Iterator[Node | Connection]:
    """Everything that is fetched from ``target`` down."""
    if isinstance(target, OneOf):
        for node in target.nodes:
            yield from _nodes(node)
        return
    yield target
    for shape in (target.node if isinstance(target, Connection) else target).shapes:
        for hop in shape.hops:
            yield from _nodes(hop.target)


def _characters(target: Node | Connection) -> int:
    """Of the statements and functions of one node; a list's statement twice, for it comes again after a cursor."""
    node, count = (target.node, target.pager.count) if isinstance(target, Connection) else (target, None)
    statements = sum(len(source.prepared.statement) for source in node.sources) * (1 if node is target else 2)
    checks = sum(len(flag.fetch.prepared.statement) for flag in node.flags if isinstance(flag, Checked))
    functions = sum(len(shape.source) for shape in node.shapes)
    return statements + checks + functions + (0 if count is None else len(count.prepared.statement))
