"""What a table of a department is: names and types in its own spelling."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A source table. ``columns`` are (name, type as the source declares it); the first is the key if ``keyed``.

    ``unique`` are those of ``indexes`` that no two rows share.
    """

    source: str
    name: str
    columns: tuple[tuple[str, str], ...]
    indexes: tuple[tuple[str, ...], ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    keyed: bool = True

    @property
    def column_names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(name for name, _ in self.columns)

    def position(self, column: str) -> int:
        """Where ``column`` stands in a row."""
        return self.column_names.index(column)


def declare(source: str, name: str, columns: str, indexes: str = "", *, unique: str = "", keyed: bool = True) -> Table:
    """A table from text: ``columns`` as ``name type, name type``, indexes as ``a b+c``; ``unique`` adds such ones."""
    parsed = tuple((column.split()[0], column.split(maxsplit=1)[1]) for column in columns.split(", "))
    groups, singles = (tuple(tuple(group.split("+")) for group in text.split()) for text in (indexes, unique))
    return Table(source=source, name=name, columns=parsed, indexes=groups + singles, unique=singles, keyed=keyed)
