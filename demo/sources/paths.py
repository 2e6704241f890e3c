"""Where a state directory keeps the sources' files."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """The files of a state directory."""

    root: Path

    @property
    def secrets(self) -> Path:
        """Passwords, tokens and keys."""
        return self.root / "secrets"

    @property
    def s1(self) -> Path:
        """S1 in SQLite."""
        return self.root / "sources" / "zzb_dyk.db"

    @property
    def s3(self) -> Path:
        """S3's register."""
        return self.root / "sources" / "bzk.db"

    @property
    def s5(self) -> Path:
        """S5 in SQLite."""
        return self.root / "sources" / "gx_mall.db"

    @property
    def s6(self) -> Path:
        """The folder of S6's drops."""
        return self.root / "sources" / "s6"

    @property
    def hotline(self) -> Path:
        """The tickets behind the hotline's service."""
        return self.root / "sources" / "hotline.db"

    @property
    def mirror(self) -> Path:
        """The hub's mirror of the hotline."""
        return self.root / "mirrors" / "hotline.db"

    @property
    def stamp(self) -> Path:
        """What the sources were loaded with."""
        return self.root / "sources" / "stamp.json"

    @property
    def defects(self) -> Path:
        """The ledger of defects."""
        return self.root / "defects.csv"

    @property
    def reference(self) -> Path:
        """The hub's reference data."""
        return self.root / "reference"

    @property
    def divisions(self) -> Path:
        """The administrative divisions."""
        return self.reference / "divisions.csv"
