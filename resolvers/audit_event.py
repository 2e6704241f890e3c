"""Stage *audit*: what is put on record of one operation. Neighbour: :mod:`authz.audit` keeps it."""

from collections.abc import Mapping
from datetime import datetime

from authz.audit import AuditEvent, AuditLog, AuditUnavailable
from authz.subjects import Subject
from resolvers.errors import OperationError
from resolvers.operation_trace import OperationTrace, Stage
from resolvers.prepared_operation import PreparedOperation
from schema.identity import SHANGHAI
from schema.messages import requests

PROTECTED_LEVEL = 2
"""From this level on, nothing is served that cannot be recorded."""
DURABLE_LEVEL = 3
"""From this level on, the audit record is durable before the response leaves."""


async def record(
    audit: AuditLog,
    subject: Subject,
    prepared: PreparedOperation,
    trace: OperationTrace,
    counts: Mapping[str, int],
    outcome: str,
) -> OperationError | None:
    """Put an operation on record, served or refused. The error to answer with where that must be done and cannot."""
    trace.enter(Stage.AUDIT)
    level = prepared.plan.authorized.highest_level
    try:
        await audit.append(audit_event(subject, prepared, trace, counts, outcome), durable=level >= DURABLE_LEVEL)
    except AuditUnavailable:
        return OperationError(requests.AUDIT_UNAVAILABLE()) if level >= PROTECTED_LEVEL else None
    return None


def audit_event(
    subject: Subject, prepared: PreparedOperation, trace: OperationTrace, counts: Mapping[str, int], outcome: str
) -> AuditEvent:
    """The record of an operation that has run or was refused. ``counts``: rows served per entity; ``outcome``: `OK` or
    an error code."""
    return AuditEvent(
        id=trace.id,
        at=datetime.now(SHANGHAI).isoformat(timespec="milliseconds"),
        operation=prepared.document.digest,
        subject=subject.id,
        consumer=subject.consumer,
        roles=tuple(sorted(subject.roles)),
        coordinates=prepared.plan.coordinates,
        decisions=prepared.access.digest,
        policy_version=prepared.profile.policy_version,
        outcome=outcome,
        purpose=prepared.profile.purpose,
        counts=counts,
    )
