"""Say in one line why a run failed."""

from collections.abc import Iterable

import dagster as dg
from dagster_shared.error import SerializableErrorInfo


def reason_of(events: Iterable[dg.DagsterEvent]) -> str:
    """The first failure of a run: stage and message, no stack trace."""
    for event in events:
        data = event.event_specific_data
        error = getattr(data, "error", None)
        if event.is_failure and error is not None:
            where = f"stage {event.step_key}: " if event.step_key else ""
            return where + _root(error)
    return "no reason was recorded"


def _root(error: SerializableErrorInfo) -> str:
    """The message of the original error, which Dagster wraps in errors of its own."""
    while error.cause is not None:
        error = error.cause
    lines = [line.strip() for line in error.message.splitlines() if line.strip()]
    kind, _, text = (lines[0] if lines else "no message").partition(": ")
    # Our errors are written for the user; for any other error its type helps too.
    return text if kind.endswith("UserError") and text else lines[0] if lines else kind
