"""``make demo-check``: starts ``hutong demo`` as a newcomer would, pastes its examples, checks the answers, stops it.

The city is small, the folder and the port are its own, so it runs beside a demo somebody uses.
"""

import json
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

from demo.examples import EXAMPLES
from demo.sources.runtime import remove_sources
from demo.state import s1_database

STATE = Path(".demo/check")
SCALE = 0.005
STOPS_WITHIN = 30.0
_TOKEN_FILE = re.compile(r"Bearer \$\(cat (.+)\)\Z")
_CURL = re.compile(r"^curl .*?(?<!\\)$", re.MULTILINE | re.DOTALL)


def main() -> int:
    """Exit status 0 when every example's answer holds and the demo ends cleanly."""
    began = time.monotonic()
    with Demo() as demo:
        page = demo.welcome()
        print(f"started after {time.monotonic() - began:.1f} s", flush=True)
        commands = _CURL.findall(page)
        if len(commands) != len(EXAMPLES):
            print(f"the start page shows {len(commands)} commands for {len(EXAMPLES)} examples:\n{page}")
            return 1
        wait_until_ready(page)
        failed = 0
        for example, command in zip(EXAMPLES, commands, strict=True):
            body = ask(command)
            if not holds(example.holds, body):
                failed += 1
                print(f"{example.title}: not as expected ({example.expect})\n{command}\n{_pretty(body)}")
            else:
                print(f"{example.title}: as expected", flush=True)
        print(f"{len(EXAMPLES) - failed} passed, {failed} failed", flush=True)
        status = demo.stop()
    remove_sources(STATE, s1_database=s1_database(STATE))
    shutil.rmtree(STATE)
    print(f"stopped with status {status}; {time.monotonic() - began:.1f} s in all", flush=True)
    return 1 if failed or status else 0


class Demo:
    """The demo's process. Output is collected until the start page ends."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "hutong", "demo", "--port", "0", "--scale", str(SCALE), "--state", str(STATE)]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # noqa: S603

    def __enter__(self) -> "Demo":
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self.stop()

    def welcome(self) -> str:
        """The start page. Ends the check when the demo ends before it."""
        assert self._process.stdout is not None
        lines = []
        for line in self._process.stdout:
            lines.append(line)
            if line.startswith("Ctrl-C"):
                return "".join(lines)
        sys.exit(f"the demo did not start:\n{''.join(lines)}")

    def stop(self) -> int:
        """Ctrl-C; the exit status."""
        self._process.send_signal(signal.SIGINT)
        self._process.communicate(timeout=STOPS_WITHIN)
        return self._process.returncode


def wait_until_ready(page: str) -> None:
    """Until the hub that the start page names is ready; it listens already. Raises ``httpx.HTTPError``."""
    httpx.get(re.findall(r"http://\S+/readyz", page)[0], timeout=30).raise_for_status()


def ask(command: str) -> Any:
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


if __name__ == "__main__":
    sys.exit(main())
