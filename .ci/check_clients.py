"""A running demo and the example application as their clients see them: GraphQL over HTTP, Apollo Client, Relay.

``make clients``. Needs Node and npm; says so and succeeds where they are missing. Every audit of GraphQL over HTTP must
pass. One page is asked as three people; the answers must differ as the policy says, and the client's cache must page
and normalise.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from check_codegen import ROOT, run_quietly_in, schemas
from node_packages import install, missing, run

from demo.callers import caller
from demo.check import Demo, graphql_url, remove, wait_until_ready
from demo.serve import token_minter
from hutong.settings import load_settings
from schema.sdl import full_sdl, print_sdl

FOLDER = ROOT / "examples" / "branch-page"
AUDITS = ROOT / "tests" / "audits"
GENERATED = FOLDER / "generated"
STATE = Path(".demo/clients")
SCALE = 0.005
ASKED_AS = ("branch_secretary", "party_liaison", "resident_public")
SCALARS = dict.fromkeys(("Code", "Date", "DateTime", "DivCode", "Month", "PersonKey", "Uscc"), "string")


def main() -> None:
    """Exit status 0 when everything compiles and each caller's page is as expected, or when there is no Node."""
    if reason := missing():
        print(f"skipped: {reason}")
        return
    install(FOLDER)
    install(AUDITS)
    roles = write_schemas()
    run_quietly_in(FOLDER, "graphql-codegen", "--config", "codegen.ts")
    run_quietly_in(FOLDER, "tsc", "--project", "tsconfig.json")
    run_quietly_in(FOLDER, "eslint", "--max-warnings", "0", "generated/schemas/app.graphql")
    for role in roles:
        compile_relay(role)
    print(f"the page compiles with Relay against the schemas of {len(roles)} callers")
    with Demo(SCALE, STATE) as demo:
        page = demo.welcome()
        wait_until_ready(page)
        audited = run(AUDITS, "node", "audit.js", graphql_url(page)).stdout
        answers = ask_page(graphql_url(page))
    remove(STATE)
    print(audited, end="")
    problems = list(judge(answers))
    if len(audited.splitlines()) > 1:
        problems.append("GraphQL over HTTP: not every audit passes")
    if problems:
        sys.exit("\n".join(problems))
    print(f"one page as {', '.join(ASKED_AS)}: each sees what the policy says")


def write_schemas() -> list[str]:
    """A schema file per caller, and the application's; the callers' names."""
    folder = GENERATED / "schemas"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "app.graphql").write_text(full_sdl(), encoding="utf-8")
    names = []
    for name, schema in schemas():
        (folder / f"{name}.graphql").write_text(print_sdl(schema), encoding="utf-8")
        names.append(name)
    return names


def compile_relay(role: str) -> None:
    """Relay's artifacts for one caller's schema."""
    artifacts = GENERATED / "relay" / role
    artifacts.mkdir(parents=True, exist_ok=True)
    config = {
        "src": "./src/relay",
        "schema": f"./generated/schemas/{role}.graphql",
        "language": "typescript",
        "artifactDirectory": f"./generated/relay/{role}",
        "customScalarTypes": {**SCALARS, "Fen": "number"},
    }
    file = artifacts.with_suffix(".json")
    file.write_text(json.dumps(config), encoding="utf-8")
    run(FOLDER, "relay-compiler", f"generated/relay/{file.name}")


def ask_page(url: str) -> dict[str, Any]:
    """What the page shows to each caller."""
    settings = load_settings(STATE / "settings.toml")
    minter = token_minter(settings)
    callers = []
    for role in ASKED_AS:
        file = (STATE / f"{role}.token").resolve()
        file.touch(mode=0o600)
        file.write_text(minter.mint(caller(role).subject), encoding="ascii")
        callers.append(role if role == "resident_public" else f"{role}={file}")
    org = caller("branch_secretary").subject.attributes["orgCode"]
    printed = run(FOLDER, "node", "build/src/apollo.js", url, org, *callers).stdout
    print(printed, end="")
    return {answer["caller"]: answer for answer in map(json.loads, printed.splitlines())}


def judge(answers: dict[str, Any]) -> Iterator[str]:
    """What is wrong with the pages."""
    secretary, liaison, public = (answers[role] for role in ASKED_AS)
    for answer in (secretary, liaison):
        members = answer["afterFetchMore"]
        if not 5 == answer["onFirstPage"] < members <= 10:
            yield f"{answer['caller']}: the second page did not join the first"
        if not members == answer["distinctMembers"] == answer["cachedMembers"]:
            yield f"{answer['caller']}: the cache holds other members than the page shows"
        if answer["codes"]:
            yield f"{answer['caller']}: errors {answer['codes']}"
    if not re.fullmatch(r"164[0-9]{8}", secretary["mobile"] or ""):
        yield "the secretary does not see the first member's mobile number"
    if not re.fullmatch(r"164\*{4}[0-9]{4}", liaison["mobile"] or "") or liaison["masked"] != ["mobile"]:
        yield "the liaison does not see a masked mobile number"
    if public["totalCount"] is not None or public["codes"] != ["FIELD_DENIED", "FIELD_DENIED"]:
        yield f"the public sees members, or is not told why not: {public['codes']}"
    if public["branch"] is None:
        yield "the public does not see the branch"


if __name__ == "__main__":
    main()
