"""A waterfall for defaults made by hand."""

from reporting.stages.stress.resources import ResourceLayer


def layer(order: int, kind: str, amount: int = 0, cap: int = 0) -> ResourceLayer:
    """Money in centicents, cap in basis points of a deposit; assessments are not paid in."""
    return ResourceLayer(order, f"L{order}", kind, amount, cap, kind != "assessment", kind)


LAYERS = (
    layer(1, "defaulter_margin"),
    layer(2, "defaulter_fund"),
    layer(3, "own_capital", 300),
    layer(4, "survivors_fund"),
    layer(5, "facility", 1_000),
    layer(6, "assessment", cap=5_000),
    layer(7, "gains_haircut"),
)
