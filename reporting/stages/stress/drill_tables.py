"""The tables of the default drill of a date.

The drill itself is in ``drill``.
"""

import numpy as np
import pyarrow

from reporting.engine.declaration import schema_of, table
from reporting.stages.recompute.day_book import BOOK_TABLES, DayBook
from reporting.stages.stress.drill import DEFAULTER_MARGIN, Defaulter, Drill, DrillOfDate
from reporting.stages.stress.resources import ResourceLayer


@table(
    "stress.drill",
    grain="one row per default drill",
    meaning="the group assumed to default, its scenario and loss, and the loss that no layer took",
    reads="stress.cover stress.group_losses",
    columns="drill_id affiliate_group scenario_id words loss_centicents unallocated_centicents",
    made_with="stress.cover",
)
def drill_rows(drill: DrillOfDate | None) -> pyarrow.Table:
    """One row, none without a drill."""
    if drill is None:
        return schema_of("stress.drill").empty_table()
    scenario, outcome = drill.defaulter.scenario, drill.outcome
    row = {
        "drill_id": drill.drill_id,
        "affiliate_group": drill.defaulter.group,
        "scenario_id": scenario.scenario_id,
        "words": scenario.words,
        "loss_centicents": outcome.loss,
        "unallocated_centicents": sum(outcome.result.unallocated.values()),
    }
    return pyarrow.Table.from_pylist([row], schema_of("stress.drill"))


@table(
    "stress.drill_layers",
    grain="one row per drill and layer of the default waterfall, in order of use",
    meaning="size, used and remaining of each layer",
    reads="stress.drill validate.resources validate.guaranty_fund recompute.account_margin",
    columns="""
        drill_id layer_order layer_id layer_type words size_centicents used_centicents
        remaining_centicents
    """,
    made_with="stress.cover",
)
def layer_rows(drill: DrillOfDate | None) -> pyarrow.Table:
    """One row per layer in order of use, the defaulter's own assets first."""
    records = _layer_records(drill.drill_id, drill.outcome) if drill else []
    return pyarrow.Table.from_pylist(records, schema_of("stress.drill_layers"))


@table(
    "stress.drill_allocations",
    grain="one row per drill, layer and party that bears a loss",
    meaning="the share of each party in each layer",
    reads="stress.drill_layers",
    columns="drill_id layer_id party amount_centicents",
    made_with="stress.cover",
)
def allocation_rows(drill: DrillOfDate | None) -> pyarrow.Table:
    records = _allocation_records(drill.drill_id, drill.outcome) if drill else []
    return pyarrow.Table.from_pylist(records, schema_of("stress.drill_allocations"))


@table(
    "stress.drill_positions",
    grain="one row per drill, account and market of the defaulter",
    meaning="the positions that a default manager would have to hedge, auction or hold",
    reads=f"{BOOK_TABLES} stress.drill",
    columns="drill_id account_id ticker closing_qty mark_centicents",
    made_with="stress.cover",
)
def position_rows(drill: DrillOfDate | None, book: DayBook) -> pyarrow.Table:
    """One row per account and market of the defaulter, by account, event and leg; both books of
    an account together."""
    if drill is None:
        return schema_of("stress.drill_positions").empty_table()
    return _positions(drill.drill_id, drill.defaulter, book)


def _layer_records(drill_id: str, drill: Drill) -> list[dict]:
    """The margin where the feed lists it, else before all others."""
    own = drill.margin or ResourceLayer(
        min((layer.order for layer in drill.used), default=1),
        "own assets",
        DEFAULTER_MARGIN,
        0,
        0,
        True,
        "margin and gains of the defaulter",
    )
    sizes = [
        (own, sum(silo.assets for silo in drill.silos), sum(drill.own_assets.values())),
        *(
            (layer, silo_layer.result.size, silo_layer.result.used)
            for layer, silo_layer in zip(drill.used, drill.result.layers, strict=True)
        ),
    ]
    return [
        {
            "drill_id": drill_id,
            "layer_order": layer.order,
            "layer_id": layer.layer_id,
            "layer_type": layer.kind,
            "words": layer.words,
            "size_centicents": size,
            "used_centicents": used,
            "remaining_centicents": size - used,
        }
        for layer, size, used in sizes
    ]


def _allocation_records(drill_id: str, drill: Drill) -> list[dict]:
    own = drill.margin.layer_id if drill.margin else "own assets"
    shares = [(own, party, amount) for party, amount in drill.own_assets.items()]
    for silo_layer in drill.result.layers:
        layer = silo_layer.result
        by_member = layer.by_member or {layer.layer_id: layer.used}
        shares += [(layer.layer_id, party, by_member[party]) for party in sorted(by_member)]
    return [
        {"drill_id": drill_id, "layer_id": layer, "party": party, "amount_centicents": amount}
        for layer, party, amount in shares
        if amount
    ]


def _positions(drill_id: str, defaulter: Defaulter, book: DayBook) -> pyarrow.Table:
    """Positions of both books of an account together, by account, event and leg."""
    positions, market = book.positions, book.market
    held = np.zeros(len(book.account_ids), dtype=bool)
    held[[book.account_index[account] for account in defaulter.accounts]] = True
    chosen = np.flatnonzero(held[positions.account])
    contract = market.first_contract[positions.event[chosen]] + positions.leg[chosen]
    order = np.lexsort((contract, positions.account[chosen]))
    account, contract = positions.account[chosen][order], contract[order]
    new = np.diff(account, prepend=-1).astype(bool) | np.diff(contract, prepend=-1).astype(bool)
    first = np.flatnonzero(new)
    quantity = positions.qty[chosen][order]
    tickers = [leg for terms in market.terms for leg in terms.legs]
    marks = np.concatenate([np.zeros(0, dtype=np.int64), *market.marks])
    columns = {
        "drill_id": [drill_id] * len(first),
        "account_id": [book.account_ids[a] for a in account[first].tolist()],
        "ticker": [tickers[c] for c in contract[first].tolist()],
        "closing_qty": np.add.reduceat(quantity, first) if len(first) else quantity,
        "mark_centicents": marks[contract[first]],
    }
    return pyarrow.table(columns, schema_of("stress.drill_positions"))
