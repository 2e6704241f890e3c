"""The catalogue's files -> one frozen :class:`schema.catalog.Catalog`, or every mistake in them by file and line.

A file holds ``domain``, ``owner`` and ``entities``, or ``codeTables``, or both. Form is read first
(:mod:`schema.catalog_reader`); only when that is right is the whole judged (:mod:`schema.catalog_checks`), so that one
slip of the pen is not reported again wherever the name is used. Neighbours: :mod:`hutong` loads the catalogue into a
snapshot and checks it from the command line.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from schema.catalog import Catalog, CodeTable, Place
from schema.catalog_checks import check_entity
from schema.catalog_reader import FileDefaults, WrittenEntity, read_code_table, read_entity
from schema.errors import CatalogInvalid, Problem
from schema.message import Told
from schema.messages import catalogue_files
from schema.names import check_names
from schema.yaml_source import MappingNode, Problems, read_yaml

CATALOG_DIRECTORY = Path(__file__).parent / "catalog"
"""The catalogue that comes with the hub."""
T = TypeVar("T")


def load_catalog(directory: Path = CATALOG_DIRECTORY) -> Catalog:
    """The catalogue in ``directory`` (every ``*.yaml`` in it). Raises `CatalogInvalid` with all mistakes."""
    catalog, problems = _read_catalog(directory)
    if problems or catalog is None:
        raise CatalogInvalid(problems)
    return catalog


def check_catalog(directory: Path = CATALOG_DIRECTORY) -> tuple[Problem, ...]:
    """Every mistake in the catalogue in ``directory``, by file and line; empty: it can be loaded."""
    return _read_catalog(directory)[1]


def _read_catalog(directory: Path) -> tuple[Catalog | None, tuple[Problem, ...]]:
    files = sorted(directory.glob("*.yaml"), key=lambda path: path.name)
    if not files:
        return None, (Problem(place=Place(file=directory.name, line=1), told=catalogue_files.NO_CATALOGUE()),)
    problems = Problems()
    entities: dict[str, WrittenEntity] = {}
    tables: dict[str, CodeTable] = {}
    places: dict[Told, Place] = {}
    for root in filter(None, (read_yaml(path, problems) for path in files)):
        defaults = _read_defaults(root)
        for name, node in _sections(root, "entities", lambda name: catalogue_files.ENTITY_QUOTED(name=name)):
            what = catalogue_files.ENTITY(name=name)
            _add(entities, places, what, name, node, partial(read_entity, defaults=defaults))
        for name, node in _sections(root, "codeTables", lambda name: catalogue_files.CODES_QUOTED(name=name)):
            _add(tables, places, catalogue_files.CODES(name=name), name, node, read_code_table)
        root.unknown_keys()
    if problems:
        return None, problems.sorted()
    catalog = Catalog(
        entities={name: written.entity for name, written in entities.items()},
        code_tables=tables,
        digest=_digest(files),
    )
    for problem in _problems_of_the_whole(catalog, entities):
        problems.report(problem.place, problem.told)
    return catalog, problems.sorted()


def _problems_of_the_whole(catalog: Catalog, entities: Mapping[str, WrittenEntity]) -> Iterator[Problem]:
    found = [problem for written in entities.values() for problem in check_entity(written, catalog)]
    yield from found
    try:
        check_names(catalog)
    except CatalogInvalid as invalid:
        told = {problem.place for problem in found}
        yield from (problem for problem in invalid.problems if problem.place not in told)


def _read_defaults(root: MappingNode) -> FileDefaults:
    domain, owner = root.find_str("domain"), root.find_str("owner")
    if domain is None and root.find("entities") is not None:
        root.problems.report(root.place, catalogue_files.DOMAIN_MISSING())
    return FileDefaults(domain=domain or "", owner=owner)


def _sections(root: MappingNode, key: str, what: Callable[[str], Told]) -> Iterator[tuple[str, MappingNode]]:
    section = root.find_mapping(key)
    for name, node in () if section is None else section.entries():
        body = node.as_mapping(what(name))
        if body is not None:
            yield name, body


def _add(
    found: dict[str, T],
    places: dict[Told, Place],
    what: Told,
    name: str,
    node: MappingNode,
    read: Callable[[str, MappingNode], T | None],
) -> None:
    """Read one section into ``found``, unless another file has one of its name."""
    if what in places:
        node.problems.report(node.place, catalogue_files.WRITTEN_ELSEWHERE(what=what, place=str(places[what])))
        return
    places[what] = node.place
    value = read(name, node)
    if value is not None:
        found[name] = value


def _digest(files: list[Path]) -> str:
    digest = sha256()
    for path in files:
        content = path.read_bytes()
        digest.update(f"{path.name}:{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()
