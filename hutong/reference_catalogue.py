"""Reference pages of the catalogue that comes with Hutong: its entities with every field, and its code tables.

Neighbours: :mod:`hutong.reference` writes the pages.
"""

from collections.abc import Iterator
from typing import Final

from schema.catalog import Catalog, CodeTable, Entity, Field, MaskKind, Relation
from schema.catalog_loader import load_catalog

DOMAINS: Final = {
    "shared": "Shared 共用",
    "party": "Party 党务",
    "government": "Government 政务",
    "commerce": "Commerce 商务",
}
_HEAD: Final = """# The catalogue's entities

What can be asked for, with the label of every field and relation ([what a label says](../catalogue.md#labels)). A hub
can have another catalogue (`HUTONG_CATALOG_DIR`); this is the one that comes with it.

Below a field's type stands what else is to be known: the code table, how it is derived, the mask, the text that
carries the mask where the field itself cannot. Internal fields are join keys and never reach the graph.
"""
_CODES: Final = """# Code tables

The codes of coded fields, from the national standards where there is one. A coded field comes twice in the graph:
`sex` is the code, `sexLabel` its title. Departments' own codes and words are mapped to these in their manifests.
"""


def catalogue_page() -> str:
    """Entities by domain, each with its fields and relations."""
    catalog = load_catalog()
    lines = [_HEAD]
    for domain, title in DOMAINS.items():
        lines += [f"## {title}", ""]
        for entity in catalog.entities.values():
            if entity.domain == domain:
                lines += _entity(entity)
    return "\n".join(lines)


def codes_page() -> str:
    """Every code table."""
    lines = [_CODES]
    for table in load_catalog().code_tables.values():
        lines += _table(table)
    return "\n".join(lines)


def undocumented(catalog: Catalog) -> set[str]:
    """Domains of ``catalog`` that the page has no part for."""
    return {entity.domain for entity in catalog.entities.values()} - DOMAINS.keys()


def _entity(entity: Entity) -> Iterator[str]:
    yield from (f"### {entity.name}", "", f"{entity.title.zh} · {entity.title.en}. {entity.description}".strip(), "")
    facts = [
        f"Owner {entity.owner}",
        f"row label `{entity.row_label}`",
        f"key `{entity.key}`",
        *(f"look-up by `{name}`" for name in entity.lookups),
        f"from {', '.join(entity.row_sources)}",
        f"list `{entity.plural}`" if entity.root_list else "no list",
    ]
    scopes = [f"{kind.value} by `{'.'.join((*path.relations, path.field))}`" for kind, path in entity.scopes.items()]
    yield from ("; ".join(facts) + f". Row scopes: {', '.join(scopes) or 'none but ALL'}.", "")
    yield from ("| field | label | | type |", "| --- | --- | --- | --- |")
    for field in entity.fields.values():
        if field.label_of is None and field.companion_of is None:
            yield f"| `{field.name}` | `{field.label}` | {_said(field)} | {_type(field)} |"
    yield ""
    if entity.relations:
        yield from ("| relation | label | | leads to |", "| --- | --- | --- | --- |")
        for relation in entity.relations.values():
            yield f"| `{relation.name}` | `{relation.label}` | {_said(relation)} | {_targets(relation)} |"
        yield ""


def _said(member: Field | Relation) -> str:
    """Both titles, and the description."""
    return f"{member.title.zh} · {member.title.en}. {member.description}".strip().replace("|", "\\|").replace("\n", " ")


def _type(field: Field) -> str:
    parts = [f"[{field.type.value}]" if field.is_list else field.type.value]
    if field.code_table is not None:
        parts.append(f"[{field.code_table}](codes.md#{field.code_table.lower()})")
    if field.derived is not None:
        parts.append(f"`{field.derived.function.value}({', '.join(field.derived.inputs)})`")
    if field.mask is not MaskKind.FULL:
        parts.append(f"mask [{field.mask.value}](masks.md#{field.mask.value.lower()})")
    if field.text_companion is not None:
        parts.append(f"text `{field.text_companion}`")
    if field.internal:
        parts.append("internal")
    if field.declassified is not None:
        parts.append(f"declassified: {field.declassified}")
    return "<br>".join(parts)


def _targets(relation: Relation) -> str:
    targets = " or ".join(f"[{target}](#{target.lower()})" for target in relation.targets)
    return f"many {targets}" if relation.many else targets


def _table(table: CodeTable) -> Iterator[str]:
    yield from (f"## {table.name}", "", f"{table.title.zh} · {table.title.en}{_standard(table)}", "")
    yield from ("| code | 中文 | English |", "| --- | --- | --- |")
    for code, title in table.codes.items():
        yield f"| `{code}` | {title.zh} | {title.en} |"
    yield ""


def _standard(table: CodeTable) -> str:
    return f" ({table.standard})." if table.standard else "."
