"""Initial margin again: the document of the `margin` calculator, re-performed.

Belongs here: the way from a document to its answer. The steps are in `document` (reading),
`reporting.replica.prices` (scenarios) and `measures` (one account);
each lists at its top how it reads what the specification leaves open. On top of those:

- The answer is ``{"accounts": [...]}``, in the order of the document, each with its id.
- Amounts are float64 and not rounded: rounding up to a centicent belongs to the booking.
- Marks are always payoffs x probabilities; there is no other price in the document.
"""

from reporting.replica.prices import event_prices
from support.calculator_oracle.document import MarginDocument, read_margin_document
from support.calculator_oracle.measures import AccountMargin, account_margin


def replicate(document: dict) -> dict:
    """The margin calculator's answer to its input document, without the heading.

    Raises DocumentError (a ValueError) that names the field at fault.
    """
    read = read_margin_document(document)
    prices = _prices(read)
    return {
        "accounts": [_answer(account_margin(read, prices, account)) for account in read.accounts]
    }


def _prices(document: MarginDocument) -> dict[str, list[list[float]]]:
    """Per event, scenarios x contracts."""
    return {event.id: event_prices(event, document.scenarios) for event in document.events}


def _answer(margin: AccountMargin) -> dict:
    return {
        "id": margin.account.id,
        "worst_case_loss": margin.worst_case_loss,
        "expected_shortfall": margin.expected_shortfall,
        "value_at_risk": margin.value_at_risk,
        "jump_to_resolution": margin.jump_to_resolution,
        "core": margin.core,
        "add_on": margin.account.add_on,
        "initial_margin": margin.initial_margin,
        "losses": margin.losses,
    }
