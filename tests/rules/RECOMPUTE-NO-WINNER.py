"""All markets of an exhaustive event are settled, and none as YES."""

from rules.days import AFTER, BEFORE, DAY, NO_LINE, put


def _event(tables, event, *legs, structure="exclusive_exhaustive", day=DAY):
    """An event with these markets, each with the dates on which it was settled and at what."""
    for number, settlements in enumerate(legs):
        leg = {"ticker": f"{event}-{number}", "event_ticker": event, "event_legs": len(legs)}
        put(tables, "recompute.contracts", day, structure=structure, **leg)
        for settled, result, value in settlements:
            row = {"result": result, "settlement_value_centicents": value}
            put(tables, "recompute.settlements", settled, ticker=leg["ticker"], **row)


NO, YES, OLD_NO = (DAY, "no", 0), (DAY, "yes", 10_000), (BEFORE, "no", 0)


def test_events_whose_last_market_was_settled_today(tables):
    _event(tables, "E-LOST", [NO], [NO])
    _event(tables, "E-LATER", [OLD_NO], [NO])
    # One centicent less than a dollar in all.
    _event(tables, "E-LESS", [NO], [(DAY, "yes", 9_999)])
    _event(tables, "E-WON", [NO], [YES])
    # The latest settlement of each market up to the date counts.
    _event(tables, "E-AMENDED", [NO], [OLD_NO, YES])
    _event(tables, "E-WITHDRAWN", [NO], [(BEFORE, "yes", 10_000), NO])
    _event(tables, "E-TO-COME", [NO], [NO, (AFTER, "yes", 10_000)])
    # A market still open, an event settled the day before, and results with other payouts.
    _event(tables, "E-OPEN", [NO], [])
    _event(tables, "E-OLD", [OLD_NO], [OLD_NO])
    _event(tables, "E-VOID", [NO], [(DAY, "void", 5_000)])
    _event(tables, "E-SCALAR", [NO], [(DAY, "scalar", 5_000)])
    # Its outcomes do not cover every case.
    _event(tables, "E-PART", [NO], [NO], structure="exclusive")
    _event(tables, "E-GONE", [NO], [NO], day=BEFORE)
    found = tables.found("RECOMPUTE-NO-WINNER", DAY)
    events = ["E-LATER", "E-LESS", "E-LOST", "E-TO-COME", "E-WITHDRAWN"]
    assert found == [(event, *NO_LINE) for event in events]
