"""Stage *audit*: what is put on record of one operation. Neighbour: :mod:`authz.audit` keeps it."""

from collections.abc import Mapping
from datetime import datetime

from authz.audit import AuditEvent
from authz.subjects import Subject
from resolvers.operation_trace import OperationTrace
from resolvers.prepared_operation import PreparedOperation
from schema.identity import SHANGHAI


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
