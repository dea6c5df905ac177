"""The venue's pairwise netting against the exact worst case, book by book."""

import numpy as np
import pyarrow

from reporting.engine.declaration import schema_of, table
from reporting.model.margin.pairwise import has_pairs, pairwise_worst_case
from reporting.model.margin.worst_case import gross_worst_case, worst_case
from reporting.model.portfolio.worst_cases import event_books
from reporting.stages.recompute.day_book import DayBook


@table(
    "recompute.pairwise_netting",
    grain="one row per account and event in which the venue returns collateral for pairs",
    meaning=(
        "worst case of the margined book without netting, with the venue's pairwise netting, and"
        " exactly; pairwise is never below exact, and the difference is margin that the outcomes do"
        " not need"
    ),
    reads="recompute.event_margin",
    columns="""
        account_id event_ticker collateral_return gross_worst_case_micros pairwise_worst_case_micros
        exact_worst_case_micros
    """,
)
def pairwise_rows(book: DayBook) -> pyarrow.Table:
    market, names = book.market, np.array(book.account_ids, dtype=object)
    schema = schema_of("recompute.pairwise_netting")
    parts = [schema.empty_table()]
    for event, margined, accounts, quantities in event_books(book.positions, market):
        rule, terms = market.collateral_returns[event], market.terms[event]
        if not margined or not has_pairs(terms, rule):
            continue
        arguments = terms, market.marks[event], quantities
        columns = {
            "account_id": names[accounts],
            "event_ticker": [market.events[event]] * len(accounts),
            "collateral_return": [rule] * len(accounts),
            "gross_worst_case_micros": gross_worst_case(*arguments),
            "pairwise_worst_case_micros": pairwise_worst_case(*arguments, rule),
            "exact_worst_case_micros": worst_case(*arguments).loss_micros,
        }
        parts.append(pyarrow.table(columns, schema))
    return pyarrow.concat_tables(parts)
