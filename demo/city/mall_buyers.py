"""Whom orders and parcels go to: accounts with a mobile, a name and an address, drawn when they first buy."""

from collections.abc import Sequence
from dataclasses import dataclass

from demo.city.divisions import COUNTIES, Division, divisions
from demo.city.edition import scaled, stream
from demo.city.identifiers import mobile
from demo.city.membership import Enrolled
from demo.city.names import person_name
from demo.city.personas import MEMBER, PERSONAS, Persona
from demo.city.units import towns_of

FULL_ACCOUNTS = 150_000
_FIRST_ACCOUNT = 20_001


@dataclass(frozen=True, slots=True)
class Buyer:
    """``account``: the mall's number; ``place``: the village (or town) of the address."""

    account: int
    mobile: str
    receiver: str
    address: str
    place: Division


class Buyers:
    """The accounts of a city; villages of peopled towns are where they live."""

    def __init__(self, seed: int, scale: float, enrolled: Sequence[Enrolled]) -> None:
        self._rng = stream(seed, "buyers")
        self._known: dict[int, Buyer] = {}
        self._count = scaled(FULL_ACCOUNTS, scale)
        self._names = {row.div_code: row.name for row in divisions(seed)}
        towns = {town.div_code: town for county in COUNTIES for town in towns_of(county, scale, seed)}
        self._places = [row for row in divisions(seed) if row.level == 5 and row.parent_code in towns]
        home = {row.div_code: row for row in divisions(seed)}
        mobiles = {member.id_number: member.mobile for member in enrolled if member.member_no == MEMBER.member_no}
        self.own: dict[str, Buyer] = {}
        for persona in PERSONAS:
            if persona.mall_account:
                place = home[persona.home] if persona.home else self._places[0]
                number = persona.mobile or mobiles.get(persona.id_number) or mobile(self._rng)
                buyer = Buyer(int(persona.mall_account), number, persona.name, self._address(place), place)
                self.own[persona.key] = buyer

    def persona(self, persona: Persona) -> Buyer:
        """The account of someone the demo speaks as."""
        return self.own[persona.key]

    def any(self) -> Buyer:
        """Somebody; a few buy much more often than the others."""
        rng = self._rng
        number = int(rng.random() ** 1.6 * self._count)
        buyer = self._known.get(number)
        if buyer is None:
            place = self._places[int(rng.random() * len(self._places))]
            name = person_name(rng, male=rng.random() < 0.5)
            address = f"{self._address(place)}{1 + int(rng.random() * 20)}组"
            buyer = self._known[number] = Buyer(_FIRST_ACCOUNT + number, mobile(rng), name, address, place)
        return buyer

    def _address(self, place: Division) -> str:
        code = place.div_code
        names = [self._names[code[:length]] for length in (6, 9, 12) if len(code) >= length]
        return "湖南省常德市" + "".join(names)
