"""Makes TypeScript clients of the schema that every role sees, and compiles them: no generator may complain.

Every caller gets the operations of ``demo/queries`` that are valid for it. Needs Node and npm; says so and succeeds
where they are missing. The packages are installed when their lock has changed.
"""

import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from graphql import parse, validate
from node_packages import install, missing, run

from authz.policy import PolicyVersion, profile_of
from authz.policy_files import load_policy
from authz.subjects import Subject
from hutong.role_schema import role_schema
from schema.build import CatalogSchema, build_schema
from schema.catalog_loader import load_catalog
from schema.sdl import print_sdl

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "tests" / "codegen"
COMPLAINT = re.compile(r"\b(warn(ing)?|deprecat\w*|fail(ed)?|error)\b", re.IGNORECASE)


def main() -> None:
    """Exit status 0 when every caller's client compiles, or when there is nothing to make one with."""
    if reason := missing():
        print(f"skipped: {reason}")
        return
    install(FOLDER)
    callers = write_callers()
    run_quietly_in(FOLDER, "graphql-codegen", "--config", "codegen.ts")
    run_quietly_in(FOLDER, "tsc", "--project", "tsconfig.json")
    print(f"clients of {len(callers)} callers compile:")
    for caller, operations in callers.items():
        print(f"  {caller:<36}{operations} operations")


def write_callers() -> Mapping[str, int]:
    """A folder per caller below ``generated/``, with schema and operations; how many operations each has."""
    generated = FOLDER / "generated"
    shutil.rmtree(generated, ignore_errors=True)
    queries = sorted((ROOT / "demo" / "queries").glob("*.graphql"))
    documents = {path: parse(path.read_text(encoding="utf-8")) for path in queries}
    valid: dict[str, list[Path]] = {}
    for caller, schema in schemas():
        valid[caller] = [path for path, document in documents.items() if not validate(schema.graphql, document)]
        operations = generated / caller / "operations"
        operations.mkdir(parents=True)
        (operations.parent / "schema.graphql").write_text(print_sdl(schema), encoding="utf-8")
        for path in valid[caller]:
            shutil.copy(path, operations)
    if lost := [path.name for path in queries if not any(path in found for found in valid.values())]:
        sys.exit(f"valid for no caller: {', '.join(lost)}")
    return {caller: len(found) for caller, found in valid.items()}


def schemas() -> Iterator[tuple[str, CatalogSchema]]:
    """The schema of every role of the demo's policy, without a purpose and with each."""
    catalog = load_catalog()
    policy: PolicyVersion = load_policy(sorted((ROOT / "demo" / "policies").glob("*.yaml")), 1, catalog)
    full = build_schema(catalog, lambda _info: None)
    for role in sorted(policy.roles):
        plain = role_schema(full, catalog, policy, profile_of(Subject(id="", roles=frozenset({role})), policy))
        yield role, plain
        for purpose in sorted(policy.purposes):
            subject = Subject(id="", roles=frozenset({role}), purpose=purpose)
            schema = role_schema(full, catalog, policy, profile_of(subject, policy))
            if print_sdl(schema) != print_sdl(plain):
                yield f"{role}.{purpose}", schema


def run_quietly_in(folder: Path, *command: str) -> None:
    """Run a generator; end the check when it fails or complains."""
    done = run(folder, *command)
    complaints = [line for line in done.stdout.splitlines() if COMPLAINT.search(line)]
    if done.stderr.strip() or complaints:
        sys.exit(f"{command[0]} complains:\n" + "\n".join([*complaints, done.stderr]))


if __name__ == "__main__":
    main()
