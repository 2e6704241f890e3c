"""Files of a client application -> its operations, each with the fragments it needs from wherever they stand.

As client tools do it: all files are one namespace, an operation is sent with every fragment it spreads, and nothing
else. Neighbours: :mod:`hutong.operations_check` judges the operations.
"""

import glob
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    Source,
    Visitor,
    get_location,
    parse,
    visit,
)
from graphql.language import ExecutableDefinitionNode, FragmentSpreadNode, Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """What is wrong, and where: ``file``, ``line`` and ``column``, both from 1; 0 where there is no one place."""

    message: str
    file: str = ""
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}" if self.file else self.message


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientOperation:
    """One operation as it will be sent. ``place``: of its definition; its ``message`` is the operation's name."""

    name: str
    place: Mistake
    operation: OperationDefinitionNode
    document: DocumentNode


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientDocuments:
    """All operations in order of file and line; what is wrong with the files as a whole, and what is superfluous."""

    operations: tuple[ClientOperation, ...]
    mistakes: tuple[Mistake, ...]
    warnings: tuple[Mistake, ...]


def find_files(patterns: Iterable[str]) -> list[Path]:
    """The files that names and patterns (``src/**/*.graphql``) mean; of a folder, its ``.graphql`` and ``.gql``."""
    found: set[Path] = set()
    for pattern in patterns:
        if Path(pattern).is_dir():
            found.update(path for ending in ("graphql", "gql") for path in Path(pattern).rglob(f"*.{ending}"))
        else:
            found.update(path for name in glob.glob(pattern, recursive=True) if (path := Path(name)).is_file())
    return sorted(found)


def read_documents(texts: Mapping[str, str]) -> ClientDocuments:
    """The operations in ``texts``, by file name."""
    mistakes: list[Mistake] = []
    operations: list[OperationDefinitionNode] = []
    fragments: dict[str, FragmentDefinitionNode] = {}
    names: dict[str, Mistake] = {}
    for definition in _definitions(texts, mistakes):
        kind = "operation" if isinstance(definition, OperationDefinitionNode) else "fragment"
        if definition.name is not None:
            key = f"{kind} {definition.name.value}"
            place = place_of(definition, f"there is another {key}; client tools need one of each name")
            if (first := names.setdefault(key, place)) is not place:
                mistakes.append(replace(place, message=f"{place.message} ({first.file}:{first.line})"))
                continue
        if isinstance(definition, OperationDefinitionNode):
            operations.append(definition)
        elif isinstance(definition, FragmentDefinitionNode):
            fragments[str(definition.name.value)] = definition
    found = tuple(_operation(operation, fragments) for operation in operations)
    used = {id(definition) for operation in found for definition in operation.document.definitions}
    warnings = [
        place_of(fragment, f"no operation uses the fragment {name}")
        for name, fragment in fragments.items()
        if id(fragment) not in used
    ]
    return ClientDocuments(operations=found, mistakes=tuple(mistakes), warnings=tuple(warnings))


def place_of(node: Node, message: str) -> Mistake:
    """``message`` at the place where ``node`` was written."""
    assert node.loc is not None
    return _at(node.loc.source, node.loc.start, message)


def mistakes_of(errors: Sequence[GraphQLError]) -> tuple[Mistake, ...]:
    """GraphQL errors at their first places."""
    return tuple(_mistake(error) for error in errors)


def _mistake(error: GraphQLError) -> Mistake:
    if error.nodes:
        return place_of(error.nodes[0], error.message)
    if error.source is not None and error.positions:
        return _at(error.source, next(iter(error.positions)), error.message)
    return Mistake(message=error.message)


def _at(source: Source, position: int, message: str) -> Mistake:
    place = get_location(source, position)
    return Mistake(message=message, file=source.name, line=place.line, column=place.column)


def _definitions(texts: Mapping[str, str], mistakes: list[Mistake]) -> Iterator[ExecutableDefinitionNode]:
    for name, text in texts.items():
        try:
            document = parse(Source(text, name))
        except GraphQLError as error:
            mistakes.append(_mistake(error))
            continue
        for definition in document.definitions:
            if isinstance(definition, ExecutableDefinitionNode):
                yield definition
            else:
                mistakes.append(place_of(definition, "a client's document holds operations and fragments only"))


def _operation(operation: OperationDefinitionNode, fragments: Mapping[str, FragmentDefinitionNode]) -> ClientOperation:
    """The operation with the fragments it reaches; one that is nowhere is left to validation."""
    reached: dict[str, FragmentDefinitionNode] = {}
    waiting: list[Node] = [operation]
    while waiting:
        for name in _spreads(waiting.pop()):
            if name in fragments and name not in reached:
                reached[name] = fragments[name]
                waiting.append(fragments[name])
    place = place_of(operation, "")
    name = operation.name.value if operation.name else f"(line {place.line})"
    return ClientOperation(
        name=name,
        place=place,
        operation=operation,
        document=DocumentNode(definitions=(operation, *reached.values())),
    )


def _spreads(node: Node) -> list[str]:
    collector = _SpreadCollector()
    visit(node, collector)
    return collector.names


class _SpreadCollector(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: object) -> None:
        """``...Name``."""
        self.names.append(node.name.value)
