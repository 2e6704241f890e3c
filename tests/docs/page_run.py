"""Does what a page says, block by block, in the order of the page, in one folder.

====================  ================================================================================================
info string           what is done with the block
====================  ================================================================================================
``LANGUAGE FILE``     writes the file; TOML is loaded as settings, SQL is run into a new SQLite file
``yaml FILE KEY``     adds the text below the line ``KEY:`` of the file
``yaml of FILE KEYS`` an excerpt of a file of this tree, below the keys (``bindings.Person``); mappings may be shorter
``sh``                runs it; every command must succeed
``sh fails``          runs it; it must end with status 1
``sh curl``           sends the request to the in-memory city; ``$(hutong token ROLE)`` is that person's token
``sh elsewhere``      for another machine: not run, but the commands of hutong and the files of this tree must exist
``graphql ask ROLE``  asks the in-memory city as that person, ``purpose=CODE`` may follow
``json variables``    the variables of the next question
``text``              what was printed last; ``...`` stands for anything within a line, or for the lines that follow
``json``              what was printed last; ``"..."`` stands for any text
====================  ================================================================================================
"""

import asyncio
import json
import os
import re
import shlex
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import typer.main
import yaml
from typer.testing import CliRunner

from authz.subjects import ANONYMOUS, Subject
from hutong.cli import app
from hutong.settings import load_settings
from tests.docs.pages import ROOT, Block, pattern, run
from tests.resolvers.mini_city import CITY, CLERK, MEMBER, OFFICER, SECRETARY, MiniCity, code, subject

PERSONS: Mapping[str, Subject] = {
    "resident_public": ANONYMOUS,
    "county_org_clerk": CLERK,
    "branch_secretary": SECRETARY,
    "member_self": MEMBER,
    "bianban_officer": OFFICER,
    "city_org_admin": CITY,
    "party_liaison": subject("party_liaison", orgCode=code("001010"), divCode="430726"),
    "cadre_officer": subject("cadre_officer"),
}
_TOKEN = re.compile(r"\$\(hutong token (\w+)\)")
_TREE_PATH = re.compile(r"(?:deploy|demo|docs|schema)/[\w./-]+")


class PageRun:
    """One page's folder and what was printed last."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._folder = folder
        self._environment = dict(environment)
        self._printed = ""
        self._variables: dict[str, Any] = {}
        self._city = MiniCity()

    async def do(self, block: Block) -> None:
        """Fails with an ``AssertionError`` when the page is wrong."""
        match (block.language, block.words):
            case ("sh", ()):
                self._printed = await asyncio.to_thread(self._run, block.text, 0)
            case ("sh", ("fails",)):
                self._printed = await asyncio.to_thread(self._run, block.text, 1)
            case ("sh", ("curl",)):
                self._printed = await self._curl(block.text)
            case ("sh", ("elsewhere",)):
                check_commands(block.text)
            case ("graphql", ("ask", role, *rest)):
                purpose = next((word.removeprefix("purpose=") for word in rest), None)
                self._printed = await self._ask(role, block.text, self._variables, purpose)
                self._variables = {}
            case ("json", ("variables",)):
                self._variables = json.loads(block.text)
            case ("json", ()):
                printed = json.loads(self._printed[self._printed.index("{") :])
                assert fits(printed, json.loads(block.text)), json.dumps(printed, ensure_ascii=False, indent=2)
            case ("text", ()):
                assert re.match(pattern(block.text), self._printed, re.DOTALL), self._printed
            case ("yaml", ("of", file, *keys)):
                check_excerpt(block.text, ROOT / file, keys[0].split(".") if keys else [])
            case (_, (file,)):
                self._write(file, block)
            case ("yaml", (file, key)):
                add(self._folder / file, key, block.text)
            case _:
                raise AssertionError(f"nothing is known to be done with a block {block.language} {block.words}")

    def _write(self, file: str, block: Block) -> None:
        path = self._folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        if block.language == "sql":
            with closing(sqlite3.connect(path)) as database:
                database.executescript(block.text)
            return
        path.write_text(block.text, encoding="utf-8")
        if block.language == "toml":
            load_settings(path)

    def _run(self, text: str, status: int) -> str:
        """What the commands print, those of ``hutong`` in this process."""
        commands = text.replace("\\\n", " ").strip().splitlines()
        if all(re.match(r"hutong (?!.*[|<>]|.*\$\()", command) for command in commands):
            return "".join(self._hutong(command, status) for command in commands)
        return run(text, self._folder, self._environment, status)

    def _hutong(self, command: str, status: int) -> str:
        words = shlex.split(os.path.expandvars(command))[1:]
        result = CliRunner().invoke(app, words, env=self._environment, prog_name="hutong")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == status, result.output
        return result.stdout if status == 0 else result.output

    async def _curl(self, text: str) -> str:
        """The answer to a POST of a GraphQL request, which must be one as the hub wants it."""
        words = shlex.split(_TOKEN.sub(r"\1", text.replace("\\\n", " ")))
        assert words[0] == "curl"
        headers = {
            name.lower(): value.strip()
            for option, header in pairwise(words)
            if option == "-H"
            for name, _, value in [header.partition(":")]
        }
        assert headers.pop("content-type") == "application/json"
        role = headers.pop("authorization", "Bearer resident_public").removeprefix("Bearer ")
        purpose = headers.pop("hutong-purpose", None)
        assert not headers, "a header that is not known here"
        body = json.loads(words[words.index("-d") + 1])
        return await self._ask(role, body["query"], body.get("variables", {}), purpose)

    async def _ask(self, role: str, document: str, variables: Mapping[str, Any], purpose: str | None) -> str:
        asking = replace(PERSONS[role], purpose=purpose)
        result = await self._city.execute(asking, document, **variables)
        return json.dumps(result.response(), ensure_ascii=False)


def add(file: Path, key: str, text: str) -> None:
    """Put ``text`` below the line ``key:`` of a file."""
    written = file.read_text(encoding="utf-8")
    assert written.count(f"\n{key}:\n") == 1
    file.write_text(written.replace(f"\n{key}:\n", f"\n{key}:\n{text}"), encoding="utf-8")


def check_excerpt(text: str, file: Path, keys: list[str]) -> None:
    """The text stands in the YAML file, below the given keys; mappings may be shortened."""
    written = yaml.safe_load(file.read_text(encoding="utf-8"))
    for key in keys:
        written = written[key]
    assert_within(yaml.safe_load(text), written)


def assert_within(shown: Any, written: Any) -> None:
    """Equal, but for keys of mappings that are left out."""
    if isinstance(shown, dict) and isinstance(written, dict):
        assert shown.keys() <= written.keys(), shown.keys() - written.keys()
        for name in shown:
            assert_within(shown[name], written[name])
    else:
        assert shown == written


def fits(printed: Any, shown: Any) -> bool:
    """Equal, but for texts that are shown as ``...``."""
    if isinstance(shown, dict) and isinstance(printed, dict):
        return shown.keys() == printed.keys() and all(fits(printed[name], shown[name]) for name in shown)
    if isinstance(shown, list) and isinstance(printed, list):
        return len(shown) == len(printed) and all(map(fits, printed, shown))
    return bool(printed == shown) or (shown == "..." and isinstance(printed, str))


def check_commands(text: str) -> None:
    """Commands for another machine: those of ``hutong`` and their options exist, and so do files of this tree."""
    for path in _TREE_PATH.findall(text):
        assert (ROOT / path).exists(), f"there is no {path}"
    for command in text.replace("\\\n", " ").splitlines():
        words = shlex.split(command, comments=True)
        if words and (words[0] == "hutong" or words[0].endswith("/bin/hutong")):
            check_hutong(words[1:])


def check_hutong(words: list[str]) -> None:
    """The words name a command of ``hutong`` and options that it has."""
    command: Any = typer.main.get_command(app)
    if words in (["--help"], ["-h"]):
        return
    for word in words:
        if not hasattr(command, "commands"):
            break
        if word in command.commands:
            command = command.commands[word]
    known = {name for parameter in command.params for name in parameter.opts}
    assert not hasattr(command, "commands"), f"no command: {words}"
    assert {word for word in words if word.startswith("--")} <= known, words
