"""Stage *audit*: what is put on record of one operation. Neighbour: :mod:`authz.audit` keeps it."""

from collections.abc import Mapping
from datetime import datetime

from authz.audit import AuditEvent
from authz.decisions import AccessMap
from authz.subjects import Profile, Subject
from resolvers.operation_trace import OK, OperationTrace
from schema.identity import SHANGHAI


def audit_event(
    subject: Subject, profile: Profile, access: AccessMap, trace: OperationTrace, counts: Mapping[str, int]
) -> AuditEvent:
    """The record of an operation that has run. ``counts``: rows served per entity."""
    assert trace.document is not None
    assert trace.plan is not None
    return AuditEvent(
        id=trace.id,
        at=datetime.now(SHANGHAI).isoformat(timespec="milliseconds"),
        operation=trace.document,
        subject=subject.id,
        consumer=subject.consumer,
        roles=tuple(sorted(subject.roles)),
        coordinates=trace.plan.coordinates,
        decisions=access.digest,
        policy_version=profile.policy_version,
        outcome=trace.outcome or OK,
        purpose=profile.purpose,
        counts=counts,
    )
