"""Look-ups in the market metrics of a date, ``disclose.metrics`` and ``disclose.metric_trends``."""

from reporting.packs.common import Tables

NOT_AVAILABLE = "Market metrics were not computed for this date; the findings say why."


def are_available(tables: Tables) -> bool:
    """Whether the date has metrics: packs are also rendered without them."""
    return bool(tables["metrics"])


def venue(tables: Tables, metric: str) -> int | None:
    """A metric of the whole venue; None where it does not exist."""
    return by_scope(tables, metric, "venue").get("")


def by_scope(tables: Tables, metric: str, scope_kind: str) -> dict[str, int]:
    """Values of a metric by scope, the largest first."""
    return {
        row["scope"]: row["value"]
        for row in tables["metrics"]
        if row["metric"] == metric and row["scope_kind"] == scope_kind
    }


def trends(tables: Tables, metric: str) -> list[dict]:
    """Rows of a trend, one per series."""
    return [row for row in tables["metric_trends"] if row["metric"] == metric]
