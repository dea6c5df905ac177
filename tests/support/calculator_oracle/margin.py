"""Initial margin again: the document of the `margin` calculator, re-performed.

Belongs here: the way from a document to its answer. The steps are in `document` (reading),
`reporting.replica.prices` (scenarios) and `measures` (one account); each lists at its top how it
reads what the specification leaves open. On top of those:

- The answer is ``{"accounts": [...]}``, in the order of the document, each with its id.
- ``gaps`` has the events that the account lists, held or not.
- Amounts are float64; only initial margin is rounded.
"""

from reporting.replica.prices import event_prices
from support.calculator_oracle.document import read_margin_document
from support.calculator_oracle.measures import AccountMargin, account_margin


def replicate(document: dict) -> dict:
    """The margin calculator's answer to its input document, without the heading.

    Raises DocumentError (a ValueError) that names the field at fault.
    """
    read = read_margin_document(document)
    prices = {event.id: event_prices(event.priced, event.streams) for event in read.events}
    return {
        "accounts": [_answer(account_margin(read, prices, account)) for account in read.accounts]
    }


def _answer(margin: AccountMargin) -> dict:
    return {
        "id": margin.account.id,
        "worst_case_loss": margin.worst_case_loss,
        "expected_shortfall": margin.tail.expected_shortfall,
        "expected_shortfall_at_rho": margin.at_rho.expected_shortfall,
        "expected_shortfall_at_zero": margin.at_zero.expected_shortfall,
        "value_at_risk": margin.tail.value_at_risk,
        "jump_to_resolution": margin.jump_to_resolution,
        "gaps": {position.event.id: position.gap for position in margin.positions},
        "core": margin.core,
        "add_on": margin.account.add_on,
        "initial_margin": margin.initial_margin,
        "losses": margin.tail.losses,
    }
