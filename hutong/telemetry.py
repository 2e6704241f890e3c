"""Logging: one JSON object a line on standard error, control characters escaped, never a data value."""

import json
import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

from hutong.operation_scope import current_operation

LONGEST_TEXT: Final = 500
"""Longer texts are cut: a log line is never a way to fill a disk."""

_ENCODER: Final = json.JSONEncoder(ensure_ascii=True, default=repr)
"""Made once: making one for each line costs more than the line."""


def configure_logging(level: int = logging.INFO) -> None:
    """Send structlog and the standard library's loggers (uvicorn, drivers) to standard error as JSON lines."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _of_operation,
        _cut_long_texts,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(serializer=_json)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # the one of now: it can be replaced
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _without_traceback,
                structlog.processors.JSONRenderer(serializer=_json),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(max(level, logging.INFO))
    for chatty in ("uvicorn.access", "httpx", "httpcore", "casbin", "opentelemetry", "urllib3"):
        logging.getLogger(chatty).setLevel(logging.CRITICAL)


def _json(event: Any, default: Any = None) -> str:
    """One line of ASCII; what JSON cannot say is told by its ``repr``, as structlog does."""
    return _ENCODER.encode(event)


def _of_operation(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Processor: ``operation_id`` of the operation that the line was written for, if any."""
    operation = current_operation()
    if operation is not None and "operation_id" not in event:
        event["operation_id"] = operation
    return event


def _cut_long_texts(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Processor: texts of at most `LONGEST_TEXT` characters."""
    for key, value in event.items():
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            event[key] = f"{value[:LONGEST_TEXT]}... ({len(value)} characters)"
    return event


def _without_traceback(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Processor: a library's exception is logged by its class; its text may quote data or a connection string."""
    found = event.pop("exc_info", None)
    if isinstance(found, tuple) and found[0] is not None:
        event["exception"] = found[0].__name__
    return event
