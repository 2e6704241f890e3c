"""Everything that is sealed for one consumer, made once and kept while the consumer is in use.

Neighbours: :mod:`authz.person_key`, :mod:`authz.sealing`; built in the composition root from the master key.
"""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

from authz.person_key import PersonKeys
from authz.sealing import Sealer


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsumerKeys:
    """The pseudonyms, ids and cursors of one consumer."""

    persons: PersonKeys
    sealer: Sealer


class Keyring:
    """Keys by consumer; the least recently used are forgotten and derived again when needed."""

    def __init__(self, master_key: bytes, connectors: Iterable[str], *, capacity: int = 256) -> None:
        """``connectors``: all connectors that local identities can come from. Raises ``ValueError``."""
        self._master_key = master_key
        self._connectors = tuple(connectors)
        self._capacity = capacity
        self._known: OrderedDict[str, ConsumerKeys] = OrderedDict()
        self.of("public")

    def of(self, consumer: str) -> ConsumerKeys:
        """The keys of a consumer."""
        keys = self._known.get(consumer)
        if keys is None:
            keys = self._known[consumer] = ConsumerKeys(
                persons=PersonKeys(self._master_key, consumer, self._connectors),
                sealer=Sealer(self._master_key, consumer),
            )
            while len(self._known) > self._capacity:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(consumer)
        return keys
