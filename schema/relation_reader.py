"""Written relations -> catalogue relations. Only the form is judged here.

Neighbours: :mod:`schema.catalog_reader` reads entities with it; :mod:`schema.relation_checks` judges relations.
"""

from collections.abc import Mapping

from schema.catalog import JoinKey, Relation
from schema.field_reader import is_member_name, read_deprecation, read_label, read_title
from schema.messages import catalogue_files, catalogue_rules, yaml_files
from schema.trees import Tree
from schema.yaml_source import MappingNode


def read_relations(node: MappingNode) -> Mapping[str, Relation]:
    """The ``relations`` of an entity; wrong ones are reported and left out."""
    relations: dict[str, Relation] = {}
    written = node.find_mapping("relations")
    for name, spec in () if written is None else written.entries():
        body = spec.as_mapping(catalogue_files.RELATION_QUOTED(name=name))
        if body is not None and (relation := _read_relation(name, body)) is not None:
            relations[name] = relation
    return relations


def _read_relation(name: str, node: MappingNode) -> Relation | None:
    if not is_member_name(name):
        node.problems.report(node.place, catalogue_files.RELATION_NAME(name=name))
    targets, union = _read_targets(name, node)
    label, title, join = read_label(node), read_title(node), _read_join(node)
    tree, inverse = node.find_enum("tree", Tree), node.find_str("inverse")
    orphan, retired = node.find_str("orphan"), node.find_str("retired")
    description, internal = node.find_str("description") or "", node.find_flag("internal")
    deprecated = read_deprecation(node)
    node.unknown_keys()
    if not targets or label is None or title is None or not join:
        return None
    return Relation(
        name=name,
        target=targets[0],
        many=node.find("toMany") is not None,
        join=join,
        title=title,
        label=label,
        place=node.place,
        description=description,
        tree=tree,
        inverse=inverse,
        internal=internal,
        others=targets[1:],
        union=union,
        orphan=orphan,
        retired=retired,
        deprecated=deprecated,
    )


def _read_targets(name: str, node: MappingNode) -> tuple[tuple[str, ...], str | None]:
    """Where a relation leads, and the name of the union where that is several entities; empty: reported."""
    to_one, to_many = node.find_str("to"), node.find_str("toMany")
    one_of = node.find("toOneOf")
    union = node.find_str("union")
    if sum(key is not None for key in (to_one, to_many, one_of)) != 1:
        node.problems.report(node.place, catalogue_rules.TARGETS(name=name))
        return (), None
    if one_of is None:
        if union is not None:
            node.problems.report(node.place_of("union"), catalogue_rules.UNION_WITHOUT_TARGETS())
        return tuple(filter(None, (to_one, to_many))), None
    targets = one_of.as_strs(yaml_files.KEY(key="toOneOf")) or ()
    if len(set(targets)) < 2 or len(set(targets)) < len(targets):
        node.problems.report(node.place_of("toOneOf"), catalogue_rules.UNION_OF_ONE())
    if union is None:
        node.problems.report(node.place_of("toOneOf"), catalogue_rules.UNION_MISSING())
    return targets, union


def _read_join(node: MappingNode) -> tuple[JoinKey, ...]:
    """``join: [memberNo, parentCode = orgCode]``: field here = field there, or one name for both."""
    keys = []
    for text in node.take_strs("join") or ():
        local, equals, remote = (part.strip() for part in text.partition("="))
        if not local or (equals and not remote):
            node.problems.report(node.place_of("join"), catalogue_rules.JOIN_FORM(written=text))
        else:
            keys.append(JoinKey(local=local, remote=remote or local))
    return tuple(keys)
