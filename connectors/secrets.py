"""Secrets of connectors: named by reference in a manifest, resolved once, never printed.

Neighbours: :mod:`connectors.manifest` resolves references while loading; engines call ``reveal`` where they connect.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from schema.message import Unusable
from schema.messages import manifest_files


class Secret:
    """A resolved secret and the reference it came from. ``str``, ``repr`` and ``format`` show the reference only.

    Two secrets are equal when their values are; a secret has no hash of its value, cannot be pickled or copied to JSON.
    """

    __slots__ = ("__value", "reference")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, value: str, *, reference: str) -> None:
        self.__value = value
        self.reference = reference

    def reveal(self) -> str:
        """The value itself: only for the call that opens a connection."""
        return self.__value

    def __repr__(self) -> str:
        return f"Secret({self.reference!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.reveal() == self.reveal()

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret is not serialised")


def resolve_secret(reference: str, *, environment: Mapping[str, str], root: Path) -> Secret:
    """The secret behind ``env:NAME`` or ``file:relative/path`` (below ``root``, less one trailing newline).

    Raises `Unusable`, which names the reference, never a value: unknown kind, variable not set, file missing, empty or
    outside ``root``.
    """
    kind, _, name = reference.partition(":")
    if kind == "env" and name:
        if not (value := environment.get(name, "")):
            raise Unusable(manifest_files.SECRET_VARIABLE_UNSET(variable=name))
        return Secret(value, reference=reference)
    if kind == "file" and name:
        return Secret(_read(name, root), reference=reference)
    raise Unusable(manifest_files.SECRET_FORM())


def _read(name: str, root: Path) -> str:
    base = root.resolve()
    path = (base / name).resolve()
    if Path(name).is_absolute() or not path.is_relative_to(base):
        raise Unusable(manifest_files.SECRET_OUTSIDE(file=name))
    try:
        value = path.read_text(encoding="utf-8").removesuffix("\n")
    except (OSError, UnicodeDecodeError):
        raise Unusable(manifest_files.SECRET_UNREADABLE(file=name)) from None
    if not value:
        raise Unusable(manifest_files.SECRET_EMPTY(file=name))
    return value
