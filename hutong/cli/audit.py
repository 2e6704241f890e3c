"""``hutong audit verify``: for those who answer for the audit trail."""

from pathlib import Path
from typing import Annotated

import typer

from hutong.cli.failures import Explained, explained
from hutong.cli.options import SettingsFile, tool_settings
from hutong.cli.speech import Lang, spoken
from schema.messages import commands


def verify(
    file: Annotated[
        Path | None, typer.Argument(help="An audit trail; default: the one in the state folder.", show_default=False)
    ] = None,
    lang: Lang = None,
    settings: SettingsFile = None,
) -> None:
    """Check an audit trail for records that were changed, moved, left out or cut off.

    Needs the master key it was written under. Check a trail that nobody writes: of a stopped replica, an archived one,
    or a copy of file and head. Status 1 if anything is wrong.
    """
    from authz import audit
    from authz.keys import derive_key
    from hutong.key_files import read_master_key

    with explained():
        chosen = tool_settings(settings)
        trail = file or chosen.state_dir / "audit.jsonl"
        if not trail.is_file():
            raise Explained(commands.NO_TRAIL(file=str(trail)))
        found = audit.verify(trail, derive_key(read_master_key(chosen.master_key_file), "audit", "hub"))
        if found.problem is not None:
            raise Explained(commands.TRAIL_WRONG(file=str(trail), reason=found.problem, count=found.records))
        typer.echo(commands.TRAIL_WHOLE(file=str(trail), count=found.records).said(spoken()))
