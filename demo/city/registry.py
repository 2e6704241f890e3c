"""Firms with a unified social credit code of their own, as the mall and the register of enterprises both know them."""

from dataclasses import dataclass

from demo.city.divisions import Division
from demo.city.identifiers import uscc

COMPANY, TRADER, COOPERATIVE = "91", "92", "93"
_FIRST_SERIAL = 600_001


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """``kind``: the first two characters of its code; ``chief``, ``chief_id``: legal representative."""

    kind: str
    uscc: str
    name: str
    chief: str
    chief_id: str
    div_code: str


class Registry:
    """Gives out credit codes and remembers the firms in the order in which they were founded."""

    def __init__(self) -> None:
        self.firms: list[Firm] = []

    def found(self, kind: str, name: str, chief: str, chief_id: str, division: Division) -> Firm:
        """A new firm of ``division``, remembered."""
        serial = _FIRST_SERIAL + len(self.firms)
        code = uscc(kind, division.div_code[:6], serial)
        firm = Firm(kind=kind, uscc=code, name=name, chief=chief, chief_id=chief_id, div_code=division.div_code)
        self.firms.append(firm)
        return firm
