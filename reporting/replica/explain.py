"""The words and columns of an account's explanation.

Belongs here: the layout of the figures from `measures`; nothing is computed here. Amounts have
six aligned decimals; scenarios are numbered from 1, as in the specification.
"""

from reporting.replica.document import MarginDocument
from reporting.replica.measures import AccountMargin, EventPosition

LABEL_WIDTH = 52
AMOUNT_WIDTH = 20


def explanation(document: MarginDocument, margin: AccountMargin) -> list[str]:
    """The lines: event by event, then the tail, then from core to initial margin."""
    lines = [f"Account {margin.account.id}: how its initial margin comes about", ""]
    if not margin.positions:
        lines += ["It holds no position.", ""]
    for number, position in enumerate(margin.positions, start=1):
        lines += [*_event_lines(number, position), ""]
    lines += [*_tail_lines(document, margin), ""]
    return lines + _margin_lines(document, margin)


def _event_lines(event_number: int, position: EventPosition) -> list[str]:
    event = position.event
    lines = [f"Event {event_number}: {event.id} ({event.structure})"]
    lines.append(_table_head("contract", "quantity", "mark"))
    for number, (quantity, mark) in enumerate(
        zip(position.quantities, event.marks, strict=True), start=1
    ):
        lines.append(_row(f"  {number}", quantity, mark))
    lines.append(_table_head("outcome state", "probability", "loss"))
    for state, probability, loss in zip(
        event.states, event.probabilities, position.state_losses, strict=True
    ):
        lines.append(_row(f"  {state}", probability, loss))
    lines.append(
        _row(f'Worst-case loss W, in state "{position.worst_state}"', position.worst_case_loss)
    )
    lines.append(_row("Ramp: share held in full", event.ramp))
    return [*lines, _jump_line(position)]


def _jump_line(position: EventPosition) -> str:
    event = position.event
    if not event.jump_enabled:
        return "It is not jump-enabled."
    amount = event.kappa * position.worst_case_loss
    line = _row(f"Jump to resolution, cluster {event.cluster}: {event.kappa:g} x W", amount)
    low, high = min(event.jump_probabilities), max(event.jump_probabilities)
    chance = f"{low:g}" if low == high else f"{low:g} to {high:g}"
    return f"{line}   (within the period with probability {chance})"


def _tail_lines(document: MarginDocument, margin: AccountMargin) -> list[str]:
    names = [f"event {number + 1}" for number in range(len(margin.positions))]
    lines = [f"The {len(margin.tail)} worst of {document.scenarios.count} scenarios"]
    lines.append(_table_head("scenario", "loss", *names))
    for scenario in margin.tail:
        parts = [position.scenario_losses[scenario] for position in margin.positions]
        lines.append(_row(f"  {scenario + 1}", margin.losses[scenario], *parts))
    return lines


def _margin_lines(document: MarginDocument, margin: AccountMargin) -> list[str]:
    cluster = margin.jump_cluster
    where = "no event held is jump-enabled" if cluster is None else f"cluster {cluster}"
    before_cap = margin.core + margin.account.add_on
    capped = before_cap > margin.worst_case_loss
    return [
        "From the parts to the margin",
        _row("  Expected shortfall: mean of those losses", margin.expected_shortfall),
        _row("  Value at risk: smallest of those losses", margin.value_at_risk),
        _row(f"  Jump to resolution: {where}", margin.jump_to_resolution),
        _row(f"  Floor: {document.core_floor:g} x worst-case loss", margin.floor),
        _row(f"Core: {_largest(margin)}", margin.core),
        _row("  Add-on", margin.account.add_on),
        _row("  Core and add-on", before_cap),
        _row("  Cap: worst-case loss of all events", margin.worst_case_loss),
        _row(
            f"Initial margin: {'the cap' if capped else 'core and add-on'}", margin.initial_margin
        ),
    ]


def _largest(margin: AccountMargin) -> str:
    if margin.core == margin.expected_shortfall:
        return "the expected shortfall is largest"
    if margin.core == margin.jump_to_resolution:
        return "the jump to resolution is largest"
    return "the floor is largest"


def _table_head(label: str, *columns: str) -> str:
    """Names above the columns of the rows that follow."""
    return f"  {label}".ljust(LABEL_WIDTH) + "".join(f"{name:>{AMOUNT_WIDTH}}" for name in columns)


def _row(label: str, *amounts: float) -> str:
    """A label and its amounts, each right-aligned with six decimals."""
    columns = "".join(f"{amount + 0.0:>{AMOUNT_WIDTH},.6f}" for amount in amounts)
    return label.ljust(LABEL_WIDTH) + columns
