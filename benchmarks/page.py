"""``docs/benchmarks.md``, made from a run's results alone."""

from collections.abc import Iterator

from benchmarks.costs import AUDIT, AUTHENTICATE, DISK, JSON, LOOP, PREPARE, READ, REST, SHAPE, STATEMENT
from benchmarks.results import Results
from benchmarks.tables import (
    as_markdown,
    city_table,
    comparison_table,
    cost_table,
    figure,
    question_table,
    ratio_table,
    target_table,
)
from benchmarks.verdicts import TOLERANCE, comparisons, questions_of, verdicts

PICTURE = "images/benchmarks.svg"
_REMEDIES = {
    LOOP: (
        "The driver decodes every value into a Python object and wakes the event loop for every packet. Where a "
        "subtree lies in one PostgreSQL and needs no decoding, the source could write the JSON itself, as the floor "
        "does: a fraction of the CPU here for two to three times the CPU there. A native decoder from the wire to JSON "
        "would save both."
    ),
    STATEMENT: (
        "Borrowing a connection, binding parameters, sending; then each row becomes a tuple, because the driver's own "
        "rows are slower to read. A driver that yields tuples, or columns, would spare that pass."
    ),
    SHAPE: (
        "One generated function per selection makes a dictionary per row. It is near what Python can do: what is left "
        "is to leave out what nothing reads, to decode by column, and to write JSON text without dictionaries."
    ),
    AUDIT: (
        "A record is written and chained by HMAC-SM3; where data of level 3 was read the answer waits until it is on "
        "disk, and records of requests in flight share that write. Chaining records by the batch would save some; "
        "leaving them out is not on offer."
    ),
    DISK: (
        "Durable audit records are brought to disk by one write for all requests in flight. A faster disk, or a log "
        "that is shipped and confirmed elsewhere, makes it cheaper."
    ),
    JSON: "Already a native encoder over finished dictionaries; only fewer or shorter values make it cheaper.",
    PREPARE: "All of it is cached by document, profile and the variables' shape; what is left is making the keys.",
    READ: "Reads, bounds and parses the body; a persisted document would spare the text.",
    AUTHENTICATE: "Verified tokens are remembered until they expire; what is left is the look-up.",
    REST: "Paging, counting, the places of errors, the ASGI messages: many small steps, none of them large.",
}
_NAMES = {
    "floor": "hand-written Starlette endpoint, PostgreSQL builds the JSON; the least such a service costs",
    "naive": "Strawberry, SQLAlchemy's ORM, DataLoaders, as manuals show it",
    "naive_cached": "the same with parser and validation caches and orjson",
    "postgraphile": "PostGraphile 5 on its own Grafserv, no watch, no explorer",
    "mercurius": "Mercurius on Fastify, just-in-time compiled, prepared statements, loaders",
    "hutong": "the hub, authentication, decisions and durable audit on, as a caller who sees everything",
    "hutong_scoped": "the hub, as a caller who sees one county, mobiles masked",
    "hutong_city": "the hub over the demo's manifests",
    "floor_city": "hand-written Starlette endpoint for C2",
}


def page(results: Results) -> str:
    """The whole page, Markdown."""
    return "\n".join(_lines(results)) + "\n"


def _lines(results: Results) -> Iterator[str]:
    peers = [name for name in results.contestants if not name.endswith("_city")]
    questions = questions_of(results, peers)
    city = questions_of(results, [name for name in results.contestants if name.endswith("_city")])
    plan = results.plan
    yield from ("# Benchmark", "")
    yield from _about(results)
    yield from ("", f"![Requests per second and CPU per request]({PICTURE})", "")
    yield from ("## How many times as much as the others", "")
    yield (
        "Requests per second of `hutong` over those of each peer, the median of the ratios within each round; in "
        "brackets the same for server CPU per request. Ratios of CPU resist a busy machine, those of rates do not."
    )
    yield from ("", as_markdown(ratio_table(results, questions)), "", "## Targets", "")
    yield from (as_markdown(target_table(verdicts(results))), "")
    for question in questions:
        yield from (f"## {question}: {results.titles[question]}", "")
        yield from (as_markdown(question_table(results, question)), "")
    if city:
        yield from ("## Over the city's sources", "")
        yield from (
            "MariaDB (S1, S5), PostgreSQL (S2, S4), SQLite (S3) and files through DuckDB (S6), the demo's city at "
            f"scale {results.scale:g}, with its manifests, scopes and masks. SQLite and DuckDB run in the hub's own "
            "process, in threads other than the main one, as do the audit log's writes. Other servers cannot ask these "
            "sources; C2 has a hand-written floor.",
            "",
        )
        yield from (f"- {question}: {results.titles[question]}" for question in city)
        yield from ("", as_markdown(city_table(results, city)), "")
    yield from _costs(results)
    yield from ("## Are the peers written well?", "")
    yield (
        "The same programs measured on another machine of two cores, with PostgreSQL 15, took the CPU in the column "
        f"*known*. Within {TOLERANCE:.0%} of that range counts as the same. Where a machine of another speed is used, "
        "every row is off in the same direction; a single row that is off says that the program differs."
    )
    yield from ("", as_markdown(comparison_table(comparisons(results))), "", "## Left out", "")
    if results.left_out:
        yield from (f"- `{name}`: {' '.join(reason.split())}" for name, reason in results.left_out.items())
    else:
        yield "Nobody: every contestant answered every question as the reference does."
    yield from (
        "",
        "## The machine",
        "",
        f"{plan.rounds} rounds of {plan.seconds:g} s, {plan.connections} connections.",
        "",
    )
    yield from (f"- {name}: {value}" for name, value in results.machine.items())


def _about(results: Results) -> Iterator[str]:
    plan = results.plan
    yield (
        f"Medians of {len(results.rounds)} rounds, interleaved and turned by one contestant each round; windows of "
        f"{plan.seconds:g} s, {plan.connections} connections, one server process each. {results.members:,} Party "
        "members in two PostgreSQL databases. Every answer was compared with one computed straight in SQL (over the "
        "city: by an oracle on the raw tables) before anything was timed, and the last answers of each window after it."
    )
    yield from (
        "",
        "Made by `make bench`, which writes [`benchmarks.json`](benchmarks.json) and this page; `make bench-report`",
    )
    yield "makes the page anew from the same figures."
    yield ""
    yield from (f"- `{name}`: {_NAMES[name]}" for name in results.contestants if name in _NAMES)


def _costs(results: Results) -> Iterator[str]:
    if not results.costs:
        return
    yield from ("## What a request costs, and the three largest costs", "")
    yield (
        "CPU of the hub's process by stage, eight requests in flight, without a server before it; sockets to the "
        "client and HTTP parsing come on top."
    )
    yield from ("", as_markdown(cost_table(results)), "")
    sums: dict[str, float] = {}
    for costs in results.costs.values():
        total = sum(cost.milliseconds for cost in costs)
        for cost in costs:
            sums[cost.stage] = sums.get(cost.stage, 0.0) + cost.milliseconds / total / len(results.costs)
    for number, (stage, share) in enumerate(sorted(sums.items(), key=lambda entry: -entry[1])[:3], start=1):
        yield from (f"{number}. **{stage}**, {figure(100 * share)} % on average. {_REMEDIES[stage]}", "")
