"""Stage *shape*: the generated function that turns a node's raw rows into JSON-ready dictionaries.

One function per selection, compiled once per plan: decoding, masks, derived fields, code labels and links to the rows
of other nodes are all inlined, so that nothing is called per field that need not be. `ShapeWriter.source` is readable
text.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never

from authz.masking import mask
from resolvers.authorized import AuthorizedField
from resolvers.conditions import Condition, certain, minimal
from resolvers.query_plan import FieldKind, MetaSelection
from resolvers.reader import FieldReader, Namespace
from resolvers.row_quality import LinkQuality, QualityWriter
from schema.catalog import Catalog, Field, MaskKind
from schema.derivations import DerivationContext
from schema.language import Language
from schema.predicates import ROW_KEY
from schema.values import ScalarType


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeContext(DerivationContext):
    """What shaping needs of one operation, besides rows.

    ``seal_id(entity, connector, row key)`` makes an opaque id. ``sources``: connector -> its ``as_of``, of those asked
    for. ``stale``: connectors that are older than their department promises. ``language``: of the labels.
    """

    seal_id: Callable[[str, str, Any], str]
    language: Language
    sources: Mapping[str, str | None] = field(default_factory=dict)
    stale: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafAccess:
    """A selected leaf with its conditions simplified for this node: ``clear``, then the masks in order."""

    field: AuthorizedField
    clear: Condition
    masks: tuple[tuple[Condition, Callable[[Any], Any] | None], ...]

    @property
    def visible(self) -> bool:
        """Whether any row shows anything of it."""
        return bool(self.clear or self.masks)


class ShapeWriter:
    """Writes the function ``shape(rows, up, conditions, links, duplicates, context) -> [dict]`` of one selection."""

    def __init__(self, reader: FieldReader, catalog: Catalog, names: Namespace) -> None:
        self._reader = reader
        self._catalog = catalog
        self._names = names
        self.conditions: list[Condition] = []
        self._locals: dict[str, str] = {}
        self._links: Sequence[LinkQuality] = ()
        self._tables: dict[str, str] = {}
        self.source = ""

    def write(self, entries: Sequence[tuple[str, LeafAccess | int | None]], links: Sequence[LinkQuality] = ()) -> Any:
        """``entries``: response key -> a leaf, the position of a hop in ``links``, or ``None`` for a branch that is
        denied. ``links``: the to-one relations among the hops, where quality codes are asked for.

        Returns the compiled function.
        """
        self._links = links
        statements = self._shared_values([leaf for _, leaf in entries if isinstance(leaf, LeafAccess)])
        items = []
        for key, entry in entries:
            if isinstance(entry, LeafAccess):
                text = self._leaf(entry, entries)
            else:
                text = "None" if entry is None else f"p{entry}[o{entry}]"
            items.append(f"            {key!r}: {text},")
        positions = sorted(entry for _, entry in entries if isinstance(entry, int))
        self.source = self._function(items, statements, positions)
        return self._names.compile(self.source, "shape")

    def _function(self, items: Sequence[str], statements: Sequence[str], links: Sequence[int]) -> str:
        head = ["def shape(rows, up, conditions, links, duplicates, context):"]
        head += [f"    s{i}, p{i}, n{i} = links[{i}]" for i in links]
        head += [f"    t{i} = {titles}[context.language]" for i, titles in enumerate(self._tables.values())]
        loops = {"r": "rows"} | {f"c{i}": f"conditions[{i}]" for i in range(len(self.conditions))}
        loops |= {f"o{i}": f"s{i}" for i in links} | {"d": "duplicates"}
        used = "\n".join((*items, *statements))
        loops = {name: over for name, over in loops.items() if name != "d" or " d)" in used}
        each = f"for {', '.join(loops)} in zip({', '.join(loops.values())})" if len(loops) > 1 else "for r in rows"
        body = "{\n" + "\n".join(items) + "\n        }"
        if not statements:
            return "\n".join([*head, f"    return [{body} {each}]"]) + "\n"
        lines = [f"        {statement}" for statement in statements]
        return (
            "\n".join([*head, "    out = []", f"    {each}:", *lines, f"        out.append({body})", "    return out"])
            + "\n"
        )

    def _shared_values(self, leaves: Sequence[LeafAccess]) -> list[str]:
        """Variables for values used more than once in a row."""
        uses: Counter[str] = Counter()
        for leaf in leaves:
            if leaf.field.node.kind is FieldKind.VALUE and leaf.visible:
                readers = 1 + len(leaf.masks) if not certain(leaf.clear) else 1
                uses[self._stored(leaf)] += readers
        statements = []
        for name, count in uses.items():
            if count > 1:
                text = self._reader.expression(name, self._names)
                self._locals[name] = variable = f"v{len(self._locals)}"
                statements.append(f"{variable} = {text}")
        return statements

    def _stored(self, leaf: LeafAccess) -> str:
        field = self._field(leaf)
        return field.label_of or field.companion_of or field.name

    def _field(self, leaf: LeafAccess) -> Field:
        return self._reader.entity.fields[leaf.field.node.member]

    def _leaf(self, leaf: LeafAccess, entries: Sequence[tuple[str, LeafAccess | int | None]]) -> str:
        match leaf.field.node.kind:
            case FieldKind.VALUE:
                return self._value(leaf)
            case FieldKind.TYPENAME:
                return repr(self._reader.entity.name)
            case FieldKind.ID:
                return self._id()
            case FieldKind.META:
                assert leaf.field.node.meta is not None
                return self._meta(leaf.field.node.meta, [e for _, e in entries if isinstance(e, LeafAccess)])
            case _:
                assert_never(leaf.field.node.kind)

    def _condition(self, condition: Condition) -> str:
        if condition not in self.conditions:
            self.conditions.append(condition)
        return f"c{self.conditions.index(condition)}"

    def _choose(self, leaf: LeafAccess, clear: str, masked: Callable[[Callable[[Any], Any] | None], str]) -> str:
        """``clear if <clear> else masked if <mask> else None`` with what is certain left out."""
        if certain(leaf.clear):
            return clear
        text = "None"
        for condition, function in reversed(leaf.masks):
            shown = masked(function)
            text = shown if certain(condition) else f"({shown} if {self._condition(condition)} else {text})"
        return f"({clear} if {self._condition(leaf.clear)} else {text})" if leaf.clear else text

    def _value(self, leaf: LeafAccess) -> str:
        if not leaf.visible:
            return "None"
        field = self._field(leaf)
        stored = self._reader.expression(self._stored(leaf), self._names, locals_=self._locals)
        clear = stored
        if field.label_of:
            of_code = self._titles(self._reader.entity.fields[field.label_of].code_table or "")
            clear = f"{of_code}({stored})"
            if field.is_list:
                clear = f"(None if (_l := {stored}) is None else list(map({of_code}, _l)))"
        elif field.companion_of:
            text = _companion_text(self._reader.entity.fields[field.companion_of].mask)
            clear = f"{self._names.name(text, 'text')}({stored})"
        carries_mask = _carries_mask(field)

        def masked(function: Callable[[Any], Any] | None) -> str:
            if not carries_mask or function is None:
                return "None"
            shown = f"{self._names.name(function, 'mask')}({stored})"
            if not self._reader.merged:
                return shown
            answered = " and ".join(f"up[{i}]" for i in self._reader.sources_of(self._stored(leaf)))
            return f"({shown} if {stored} is not None or ({answered}) else None)"  # unknown is not "masked null"

        return self._choose(leaf, clear, masked)

    def _titles(self, code_table: str) -> str:
        """The variable that holds, for this run, the function from a code of the table to its title."""
        if code_table not in self._tables:
            codes = self._catalog.code_tables[code_table].codes
            titles = {
                language: {code: title.said(language) for code, title in codes.items()}.get for language in Language
            }
            self._tables[code_table] = self._names.name(titles, f"titles_{code_table}")
        return f"t{list(self._tables).index(code_table)}"

    def _id(self) -> str:
        entity, bindings = self._reader.entity, self._reader.bindings
        if self._reader.merged:
            key = self._reader.expression(merge_key(entity.fields, entity.key), self._names)
            return f"context.seal_id({entity.name!r}, '*', {key})"
        key = self._reader.expression(ROW_KEY, self._names)
        return f"context.seal_id({entity.name!r}, {bindings[0].connector!r}, {key})"

    def _meta(self, meta: MetaSelection, leaves: Sequence[LeafAccess]) -> str:
        parts = []
        for key, name in meta.members:
            if name == "sources":
                parts.append(f"{key!r}: {self._sources(meta.sources[key])}")
            elif name == "quality":
                parts.append(f"{key!r}: {self._quality(leaves)}")
            elif name == "masked":
                parts.append(f"{key!r}: {self._masked(leaves)}")
            else:
                parts.append(f"{key!r}: 'RowMeta'")
        return "{" + ", ".join(parts) + "}"

    def _sources(self, chosen: Sequence[tuple[str, str]]) -> str:
        shown = []
        for position, binding in enumerate(self._reader.bindings):
            inner = {
                "connector": repr(binding.connector),
                "asOf": f"context.sources.get({binding.connector!r})",
                "__typename": "'SourceMeta'",
            }
            text = "{" + ", ".join(f"{key!r}: {inner[name]}" for key, name in chosen) + "}"
            shown.append(f"*([{text}] if r[{position}] is not None else [])" if self._reader.merged else text)
        return "[" + ", ".join(shown) + "]"

    def _quality(self, leaves: Sequence[LeafAccess]) -> str:
        shown: dict[str, Condition] = {}
        for leaf in leaves:
            if leaf.field.node.kind is FieldKind.VALUE and leaf.visible:
                rows = minimal((*leaf.clear, *(scope for condition, _ in leaf.masks for scope in condition)))
                shown[self._stored(leaf)] = rows
        return QualityWriter(self._reader, self._names, self._condition).expression(shown, self._links)

    def _masked(self, leaves: Sequence[LeafAccess]) -> str:
        shown: dict[str, None] = {}
        for leaf in leaves:
            if leaf.field.node.kind is not FieldKind.VALUE or certain(leaf.clear) or not leaf.masks:
                continue
            conditions = tuple(scope for condition, _ in leaf.masks for scope in condition)
            name = repr(leaf.field.node.member)
            test = "True" if certain(conditions) else self._condition(conditions)
            if leaf.clear:
                test = f"{test} and not {self._condition(leaf.clear)}"
            shown[f"*([{name}] if {test} else [])"] = None
        return "[" + ", ".join(shown) + "]"


def merge_key(fields: Mapping[str, Field], key: str) -> str:
    """The stored field by which rows of several sources are the same row: the key, or what it is derived from."""
    derived = fields[key].derived
    return derived.inputs[0] if derived else key


def mask_function(field: Field, kind: Any, *, strict: bool) -> Callable[[Any], Any] | None:
    """The mask of a field's value; ``None`` when a masked value of its type is null (D9)."""
    return mask(kind, strict=strict) if _carries_mask(field) else None


def _carries_mask(field: Field) -> bool:
    """Whether a masked value is shown as text (D9); else it is null."""
    return bool(field.companion_of) or (field.type is ScalarType.STRING and not field.label_of and not field.is_list)


def _companion_text(kind: MaskKind) -> Callable[[Any], str | None]:
    """What a text companion shows in clear: the value, or its year or band where that is what the companion is for."""
    if kind not in (MaskKind.YEAR, MaskKind.AMOUNT_BAND):
        return _text
    general = mask(kind, strict=True)
    return lambda value: None if value is None else general(value)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
