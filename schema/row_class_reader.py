"""Predicates of row classes (D2), written as GraphQL's ``where`` is: ``{closed: {eq: false}, or: [...], not: {...}}``.

Neighbours: :mod:`schema.catalog_reader` calls it; whether fields exist and constants fit them is judged in
:mod:`schema.catalog_checks`. Lists (``in``, ``notIn``) have no place among the constants: write ``or``.
"""

from schema.messages import catalogue_rules, yaml_files
from schema.predicates import Comparison, IsNull, Not, Operator, Predicate, conjunction, disjunction
from schema.values import Canonical
from schema.yaml_source import MappingNode, Node, did_you_mean

_OPERATORS = {operator.value: operator for operator in Operator if operator not in (Operator.IN, Operator.NOT_IN)}
IS_NULL = "isNull"


def read_predicate(node: MappingNode) -> tuple[Predicate, tuple[Canonical, ...]]:
    """The predicate under ``node`` and its constants by slot. Mistakes are reported and left out of the answer."""
    constants: list[Canonical] = []
    return _all_of(node, constants), tuple(constants)


def _all_of(node: MappingNode, constants: list[Canonical]) -> Predicate:
    """Every entry of a mapping holds."""
    parts: list[Predicate] = []
    for key, value in node.entries():
        match key:
            case "and" | "or":
                operands = [
                    _all_of(body, constants)
                    for item in value.as_list(yaml_files.KEY(key=key)) or ()
                    if (body := item.as_mapping(yaml_files.ITEM_OF(what=yaml_files.KEY(key=key)))) is not None
                ]
                parts.append(conjunction(*operands) if key == "and" else disjunction(*operands))
            case "not":
                if (body := value.as_mapping(yaml_files.KEY(key="not"))) is not None:
                    parts.append(Not(_all_of(body, constants)))
            case field:
                if (body := value.as_mapping(yaml_files.KEY(key=field))) is not None:
                    parts.extend(_comparisons(field, body, constants))
    _report_empty(node)
    return conjunction(*parts)


def _comparisons(field: str, node: MappingNode, constants: list[Canonical]) -> list[Predicate]:
    parts: list[Predicate] = []
    for word, value in node.entries():
        if word == IS_NULL:
            flag = value.as_flag(yaml_files.KEY(key=IS_NULL))
            parts.append(IsNull(field) if flag else Not(IsNull(field)))
        elif word in _OPERATORS:
            constant = value.as_literal(yaml_files.KEY(key=word))
            parts.append(Comparison(field, _OPERATORS[word], len(constants)))
            constants.append(constant)
        else:
            _report_operator(word, value)
    _report_empty(node)
    return parts


def _report_empty(node: MappingNode) -> None:
    if not node.values:
        node.problems.report(node.place, catalogue_rules.CONDITION_MISSING())


def _report_operator(word: str, value: Node) -> None:
    known = (*_OPERATORS, IS_NULL)
    hint = did_you_mean(word, known) or (catalogue_rules.OPERATORS_HERE(names=known),)
    value.problems.report(value.place, catalogue_rules.OPERATOR_UNKNOWN(name=word, hint=hint))
