"""``make demo-check``: starts ``hutong demo`` as a newcomer would, asks it everything, judges the answers, stops it.

Three kinds of checks: the start page's examples as they are pasted, the questions of ``demo/queries`` against the
oracle over the raw tables, and up to 30 rows of each defect against what it must look like. ``SCALE`` in the
environment sets the size of the city. Folder, databases and port are the check's own, so it runs beside a demo that
somebody uses.
"""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import httpx

from authz.subjects import Subject
from demo.callers import caller
from demo.checks import Body, Outcome, check_defects, check_questions, read_ledger
from demo.city.edition import TODAY
from demo.examples import EXAMPLES
from demo.oracle.canonical import City
from demo.oracle.facts import Facts
from demo.oracle.raw import RawCity
from demo.questions import questions
from demo.serve import token_minter
from demo.sources.runtime import remove_sources, start_sources
from demo.state import s1_database
from hutong.composition import Hub, build_hub
from hutong.settings import load_settings
from hutong.tokens import TokenMinter
from resolvers.operation import OperationRequest
from resolvers.render import render_plan
from schema.language import Language

STATE = Path(".demo/check")
SCALE = 0.02
STOPS_WITHIN = 30.0
MIRRORED_WITHIN = 300.0
_TOKEN_FILE = re.compile(r"Bearer \$\(cat (.+)\)\Z")
_CURL = re.compile(r"^curl .*?(?<!\\)$", re.MULTILINE | re.DOTALL)
_SOURCE = re.compile(r"^ *(s[0-9]|hub|hotline):$", re.MULTILINE)


def main() -> int:
    """Exit status 0 when every check passes and the demo ends cleanly; the last line says how many did."""
    began = time.monotonic()
    scale = float(os.environ.get("SCALE", SCALE))
    outcomes = []
    with Demo(scale) as demo:
        page = demo.welcome()
        print(f"started after {time.monotonic() - began:.1f} s", flush=True)
        wait_until_ready(page)
        for outcome in chain(check_start_page(page), check_answers(graphql_url(page), scale)):
            outcomes.append(outcome)
            print(outcome.line, flush=True)
        peak = demo.peak_memory()
        outcomes.append(_stopped(demo.stop()))
    remove(STATE)
    print(f"{outcomes[-1].line}\n{time.monotonic() - began:.1f} s in all", flush=True)
    if peak is not None:
        print(f"peak memory of the demo's process: {peak / 1024:.0f} MiB (generator and hub)", flush=True)
    failed = sum(bool(outcome.problems) for outcome in outcomes)
    print(f"{len(outcomes) - failed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


class Demo:
    """The demo's ``process``. Output is collected until the start page ends."""

    def __init__(self, scale: float, state: Path = STATE) -> None:
        command = [sys.executable, "-m", "hutong", "demo", "--port", "0", "--scale", str(scale), "--state", str(state)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # noqa: S603

    def __enter__(self) -> "Demo":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.stop()

    def welcome(self) -> str:
        """The start page. Ends the check when the demo ends before it."""
        assert self.process.stdout is not None
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if line.startswith("Ctrl-C"):
                threading.Thread(target=deque, args=(self.process.stdout, 0), daemon=True).start()  # or it would block
                return "".join(lines)
        sys.exit(f"the demo did not start:\n{''.join(lines)}")

    def peak_memory(self) -> int | None:
        """The greatest resident size so far, in KiB; ``None`` where the system does not tell (only Linux does)."""
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        except OSError:
            return None
        found = re.search(r"^VmHWM:\s+([0-9]+) kB$", status, re.MULTILINE)
        return int(found[1]) if found else None

    def stop(self) -> int:
        """Ctrl-C; the exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(STOPS_WITHIN)


def remove(state: Path) -> None:
    """Remove a stopped demo: its databases and its folder."""
    remove_sources(state, s1_database=s1_database(state))
    shutil.rmtree(state)


def _stopped(status: int) -> Outcome:
    problems = (f"exit status {status}",) if status else ()
    return Outcome(name="stops at Ctrl-C", role="-", seconds=0.0, detail="", problems=problems)


def wait_until_ready(page: str) -> None:
    """Until the hub that the start page names is ready; it listens already. Raises ``httpx.HTTPError``."""
    httpx.get(re.findall(r"http://\S+/readyz", page)[0], timeout=30).raise_for_status()


def graphql_url(page: str) -> str:
    """The endpoint that the start page names."""
    return str(re.findall(r"http://\S+/graphql", page)[0])


# --- the start page ---------------------------------------------------------------------------------------------------


def check_start_page(page: str) -> Iterator[Outcome]:
    """Each printed command, asked as it is printed."""
    commands = _CURL.findall(page)
    if len(commands) != len(EXAMPLES):
        problem = f"it shows {len(commands)} commands for {len(EXAMPLES)} examples"
        yield Outcome(name="start page", role="-", seconds=0.0, detail="", problems=(problem,))
    for number, (example, command) in enumerate(zip(EXAMPLES, commands, strict=False), start=1):
        began = time.perf_counter()
        body = paste(command)
        seconds = time.perf_counter() - began
        held = holds(example.holds, body)
        yield Outcome(
            name=f"start page, example {number}",
            role=example.role or "no token",
            seconds=seconds,
            detail=example.title,
            problems=() if held else (f"not as expected ({example.expect})", command, *_pretty(body).splitlines()),
        )


def paste(command: str) -> Any:
    """The body that a printed ``curl`` command gets; read as a shell would, for not every machine has curl."""
    words = shlex.split(command.replace("\\\n", " "))
    url = next(word for word in words if word.startswith("http://127.0.0.1:"))
    headers = dict(words[at + 1].split(": ", 1) for at, word in enumerate(words) if word == "-H")
    if found := _TOKEN_FILE.match(headers.get("Authorization", "")):
        headers["Authorization"] = f"Bearer {Path(found[1]).read_text(encoding='ascii')}"
    return httpx.post(url, content=words[words.index("-d") + 1].encode(), headers=headers, timeout=10).json()


def holds(expectation: Any, body: Any) -> bool:
    """Whether the expectation holds; an answer of another shape does not."""
    try:
        return bool(expectation(body))
    except (KeyError, TypeError, IndexError):
        return False


def _pretty(body: Any) -> str:
    return json.dumps(body, ensure_ascii=False, indent=2)


# --- questions and defects --------------------------------------------------------------------------------------------


def check_answers(url: str, scale: float) -> Iterator[Outcome]:
    """The questions and the defects, with the raw tables of the running sources beside the hub's answers."""
    settings = load_settings(STATE / "settings.toml")
    with start_sources(STATE, scale, s1_database=s1_database(STATE)) as sources, httpx.Client(timeout=30) as client:
        raw = RawCity.load(sources.raw_connection, sources.divisions)
        ledger = read_ledger(sources.defects)
        asking = Asking(client=client, url=url, minter=token_minter(settings))
        wait_until_mirrored(asking)
        planner = build_hub(settings, audit_file="check.jsonl")
        city = City(raw, TODAY)
        yield from check_questions(questions(), asking.ask, Plans(planner).sources, city)
        yield from check_defects(asking.ask, Facts(raw, city.today), ledger)
        planner.audit_lock.close()


def wait_until_mirrored(asking: "Asking") -> None:
    """Until the first copy of the hotline is there, which the hub makes beside its other work at the service's pace, or
    for `MIRRORED_WITHIN` seconds.
    """
    document, agent = "{ hotlineTickets(first: 1) { totalCount } }", caller("hotline_agent").subject
    until = time.monotonic() + MIRRORED_WITHIN
    while asking.ask(agent, document, {}).get("errors") and time.monotonic() < until:
        time.sleep(0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Asks the hub at ``url`` with tokens of the demo's own key."""

    client: httpx.Client
    url: str
    minter: TokenMinter

    def ask(self, subject: Subject, document: str, variables: Mapping[str, Any]) -> Body:
        """The response's body."""
        headers = {"Authorization": f"Bearer {self.minter.mint(subject)}"}
        if subject.purpose is not None:
            headers["Hutong-Purpose"] = subject.purpose
        response = self.client.post(self.url, json={"query": document, "variables": variables}, headers=headers)
        return dict(response.json())


@dataclass(frozen=True, slots=True)
class Plans:
    """Plans operations with a hub of the same settings that is never asked anything."""

    hub: Hub

    def sources(self, subject: Subject, document: str, variables: Mapping[str, Any]) -> str:
        """The sources in the operation's plan, each with its number of statements: ``s1 x2, s3``."""
        request = OperationRequest(document=document, deadline=0.0, variables=variables)
        plan = render_plan(self.hub.engine.plan(subject, request), Language.EN)
        counted = sorted(Counter(_SOURCE.findall(plan)).items())
        return ", ".join(f"{source} x{number}" if number > 1 else source for source, number in counted) or "-"


if __name__ == "__main__":
    sys.exit(main())
