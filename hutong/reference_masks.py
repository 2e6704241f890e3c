"""The reference page of masks: what each shows of example values, computed by the mask itself.

Neighbours: :mod:`hutong.reference` writes the page. A mask without an entry here fails the tests.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from authz.masking import HIDDEN, mask
from schema.catalog import MaskKind
from schema.values import Canonical

_HEAD: Final = f"""# Masks

What a caller sees of a field that the policy lets him see masked. The catalogue names the mask of a field (`mask:
name`; none: `full`), a rule of the policy the form: strict, unless it says `mask: standard`.

A mask validates first. What is not a well-formed value of its kind is hidden wholly, as `{HIDDEN}`: a defect is no
way around a mask, and null looks the same. Fields that are no texts cannot carry asterisks: they are null, told among
the masked fields of `_meta {{ masked }}`, and a text companion carries the mask (`birthDate`, `birthDateText`). A
masked field can be neither filtered, sorted nor looked up by.

The six first and four last digits of an ID number give the whole number back together with the date of birth, so
nobody who reads a `birthDate` in clear, of whatever entity and in whatever scope, gets the standard form of `idNumber`:
he gets the strict one. A date that a check `idBirth` compares with a number counts as a `birthDate`.
"""

EXAMPLES: Final[Mapping[MaskKind, tuple[str, tuple[Canonical, ...]]]] = {
    MaskKind.NAME: ("Names of persons.", ("张三", "张小明", "欧阳小明", "王?")),
    MaskKind.ID_NUMBER: ("Citizen ID numbers.", ("430790198001010016", "430790198001010017")),
    MaskKind.MOBILE: ("Mobile numbers of eleven digits.", ("16412345678", "164 1234 5678")),
    MaskKind.LANDLINE: ("Telephone numbers with an area code.", ("0736-7220021", "7220021")),
    MaskKind.ADDRESS: (
        "Addresses, to the township and its village.",
        ("湖南省常德市汉寿县洲口镇小河村3组12号", "某地"),
    ),
    MaskKind.DATE: ("Dates, times and months, to the year.", ("1980-01-01", "1980-01", "2018-03-01T09:12:33+08:00")),
    MaskKind.YEAR: ("Dates, times and months: the year alone.", ("1998-07-01", "1998-07")),
    MaskKind.ACCOUNT: ("Bank and payment accounts of 15 digits and more.", ("6200000012345678903", "62000")),
    MaskKind.AMOUNT_BAND: ("Amounts in fen: the band in yuan.", (250_000, 300_000, 750_000, 2_000_000)),
    MaskKind.FREE_TEXT: (
        "Texts: every number of seven digits and more in them, however it is parted or written.",
        ("请联系16412345678，证号430790198001010016", "电话１６４.1234-5678", "路灯不亮"),
    ),
    MaskKind.FULL: ("Anything: nothing is shown.", ("困难党员",)),
}


def masks_page() -> str:
    """The whole page."""
    lines = [_HEAD]
    for kind, (about, values) in EXAMPLES.items():
        lines += _section(kind, about, values)
    return "\n".join(lines)


def _section(kind: MaskKind, about: str, values: tuple[Canonical, ...]) -> Iterator[str]:
    strict, standard = mask(kind, True), mask(kind, False)
    yield from (f"## {kind.value}", "", about, "", "| value | strict | standard |", "| --- | --- | --- |")
    for value in values:
        yield f"| `{value}` | `{strict(value)}` | `{standard(value)}` |"
    yield ""
