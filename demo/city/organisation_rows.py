"""S1's rows of ``DZZ_JBXX``, written after the members, who name the secretaries."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from demo.city.codes import LEGACY_ORG_TYPE
from demo.city.defects import Ledger, spread
from demo.city.divisions import CITY_NAME, COUNTIES
from demo.city.edition import TODAY, stream
from demo.city.identifiers import landline, wrong_uscc
from demo.city.names import lossy
from demo.city.organisations import Organisation
from demo.city.personas import PERSONAS

Row = tuple[object, ...]
_KEPT_CLEAN = frozenset(code for persona in PERSONAS for code in (*persona.org_codes, persona.branch) if code)


def organisation_rows(
    seed: int, organisations: Sequence[Organisation], secretaries: Mapping[str, str], ledger: Ledger
) -> Iterator[Row]:
    """One row per organisation, in code order; the personas' own organisations carry no defect."""
    rng = stream(seed, "organisation rows")
    live = [n for n, o in enumerate(organisations) if not o.deleted and o.code not in _KEPT_CLEAN]
    hosted = [n for n in live if organisations[n].host is not None]
    division = spread(rng, ("ORG_DIV_EMPTY", "ORG_DIV_NAME"), live)
    kind = spread(rng, ("ORG_TYPE_LEGACY",), [n for n in live if organisations[n].type in LEGACY_ORG_TYPE])
    founded, ends = spread(rng, ("ORG_FOUNDED_ZERO",), live), spread(rng, ("ORG_TERM_OPEN",), live)
    host_name, no_code = spread(rng, ("ORG_HOST_ALIAS",), hosted), spread(rng, ("ORG_HOST_NO_CODE",), hosted)
    coded = [n for n in live if organisations[n].host_uscc and n not in no_code]
    host_code = spread(rng, ("ORG_USCC_CHECKSUM", "ORG_USCC_LOWER"), coded)
    for n, o in enumerate(organisations):
        for dealt in (division, kind, founded, ends, host_name, no_code, host_code):
            if code := dealt.get(n):
                ledger.add(code, o.code)
        since = TODAY - timedelta(days=400 + int(rng.random() ** 2 * 20_000))
        last = TODAY + timedelta(days=int(rng.random() * 1_500) - 130)
        changed = TODAY - timedelta(days=1 + int(min(rng.expovariate(1 / 400), 2600)))
        yield (
            o.code,
            o.name,
            o.short,
            o.parent,
            LEGACY_ORG_TYPE[o.type] if n in kind else o.type,
            lossy(secretaries[o.code]) if o.code in secretaries else None,
            landline(rng) if rng.random() < 0.7 else None,
            o.situation,
            _host_name(o, short=n in host_name, bare=rng.random() < 0.5),
            None if n in no_code or not o.host_uscc else _host_code(o.host_uscc, host_code.get(n)),
            "00000000" if n in founded else f"{since:%Y%m%d}",
            "99999999" if n in ends else f"{last:%Y%m%d}",
            _division(o, division.get(n), short=rng.random() < 0.4, null=rng.random() < 0.5),
            "1" if o.deleted else "0",
            f"{changed} {8 + int(rng.random() * 10):02d}:{int(rng.random() * 60):02d}:{int(rng.random() * 60):02d}",
        )


def _host_name(organisation: Organisation, *, short: bool, bare: bool) -> str | None:
    host = organisation.host
    if host is not None and short:
        return host.bare if bare else host.short
    return organisation.host_name or None


def _host_code(code: str, defect: str | None) -> str:
    return wrong_uscc(code) if defect == "ORG_USCC_CHECKSUM" else code.lower() if defect else code


def _division(organisation: Organisation, defect: str | None, *, short: bool, null: bool) -> str | None:
    if defect == "ORG_DIV_EMPTY":
        return None if null else ""
    if defect == "ORG_DIV_NAME":
        if organisation.county is None:
            return CITY_NAME
        county = COUNTIES[organisation.county]
        return county.short_names[0] if short else county.name
    return organisation.div_code
