"""Sections of the record as plain values: auction, loss, silos, waterfall, replenishment, tear-up.

Belongs here: the form of the results. The modules beside compute them.
"""

from reporting.studies.default_drill.allocation import Allocation, haircut_of_gains
from reporting.studies.default_drill.auction import Auction, lot_rows
from reporting.studies.default_drill.case import Case
from reporting.studies.default_drill.close_out import Closing


def auction_section(case: Case, closing: Closing, auction: Auction) -> dict:
    return {
        "auction_id": case.drill_id,
        "bids_are": auction.source,
        "seed": case.rules.bid_seed,
        "lots": lot_rows(closing, auction, case.tickers),
        "conduct": [
            {"member_id": member, "conduct": conduct}
            for member, conduct in sorted(auction.result.conduct.items())
        ],
        "pay_first": [list(tranche) for tranche in auction.result.tranches],
        "refused": auction.refused,
    }


def loss_section(closing: Closing, auction: Auction, allocation: Allocation) -> dict:
    losses = allocation.losses
    rows = [
        {
            "silo": silo,
            "market_centicents": market,
            "closing_centicents": losses.closing.get(silo, 0),
            "loss_centicents": max(0, losses.of(silo)),
        }
        for silo, market in losses.market.items()
    ]
    return {
        "by_silo": rows,
        "hedge_cost_centicents": closing.hedge_cost,
        "auction_cost_centicents": sum(cost.total for cost in auction.costs),
        "total_centicents": losses.total,
    }


def silos_section(allocation: Allocation) -> dict:
    result = allocation.result
    return {
        "rule": "customer assets cover losses of their own silo only (17 CFR 39.16)",
        "silos": [
            {
                "silo": silo.silo_id,
                "owner": silo.owner,
                "loss_centicents": silo.loss,
                "assets_centicents": silo.assets,
                "surplus_centicents": result.surplus[silo.silo_id],
                "shortfall_centicents": result.shortfall[silo.silo_id],
                "unallocated_centicents": result.unallocated[silo.silo_id],
            }
            for silo in allocation.silos
        ],
        "flows": [
            {"source": flow.source, "target": flow.target, "amount_centicents": flow.amount}
            for flow in result.flows
        ],
    }


def waterfall_section(case: Case, allocation: Allocation) -> dict:
    """The layers in order. The silos' own assets stand first, where the feed lists margin."""
    open_loss = allocation.losses.total - allocation.own_assets
    rows = [
        {
            "layer_order": min(layer.order for layer in case.resources.layers),
            "layer_id": "own assets of the silos",
            "layer_type": "defaulter_margin",
            "words": "margin and gains of the defaulter",
            "size_centicents": sum(silo.assets for silo in allocation.silos),
            "used_centicents": allocation.own_assets,
            "remaining_centicents": sum(allocation.result.surplus.values()),
            "loss_still_open_centicents": open_loss,
            "by_member": {},
            "by_silo": {},
        }
    ]
    for layer, done in zip(allocation.layers, allocation.result.layers, strict=True):
        open_loss -= done.result.used
        rows.append(
            {
                "layer_order": layer.order,
                "layer_id": done.result.layer_id,
                "layer_type": layer.layer_type,
                "words": layer.words,
                "size_centicents": done.result.size,
                "used_centicents": done.result.used,
                "remaining_centicents": done.result.remaining,
                "loss_still_open_centicents": open_loss,
                "by_member": {m: x for m, x in sorted(done.result.by_member.items()) if x},
                "by_silo": {silo: x for silo, x in done.by_silo.items() if x},
            }
        )
    haircut = haircut_of_gains(allocation)
    return {
        "loss_centicents": allocation.losses.total,
        "own_assets_centicents": allocation.own_assets,
        "layers": rows,
        "unallocated_centicents": allocation.unallocated,
        "gains_haircut": f"{haircut.numerator}/{haircut.denominator}",
    }


def replenishment_section(allocation: Allocation) -> list[dict]:
    done = allocation.replenishment
    return [
        {
            "member_id": member,
            "due_centicents": done.due[member],
            "beyond_cap_centicents": done.open_[member],
        }
        for member in sorted(done.due)
    ]


def tear_up_section(allocation: Allocation) -> list[dict]:
    return [
        {
            "layer_type": layer_type,
            "share": f"{tear_up.share.numerator}/{tear_up.share.denominator}",
            "contracts": {
                ticker: {member: qty for member, qty in sorted(members.items()) if qty}
                for ticker, members in sorted(tear_up.contracts.items())
            },
            "claims_micros": tear_up.claims,
        }
        for layer_type, tear_up in allocation.tear_ups.items()
    ]
