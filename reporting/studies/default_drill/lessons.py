"""What the drill showed: observations, each computed from the record itself.

Belongs here: what counts as an observation, and its sentence. Every statement rests on a number
of the record.
"""

from collections.abc import Iterator

from reporting.model.default.auction import INCOMPLETE, NO_BID
from reporting.wording import dollars
from reporting.wording.words import number_of

_CONDUCT = (
    (NO_BID, "NO-BID", "bid for no lot"),
    (INCOMPLETE, "INCOMPLETE-BIDS", "did not bid for every lot that they had to bid for"),
)

Observation = tuple[str, str]
"""Code and sentence."""


def tenths(part: int, whole: int) -> str:
    """A share in per cent with one decimal, rounded down."""
    shown = part * 1000 // whole
    return f"{shown // 10}.{shown % 10}%"


def lessons(record: dict) -> list[dict]:
    """Observations in a fixed order: code and words."""
    sources = (
        _layers,
        _coverage,
        _conduct,
        _lots,
        _calls,
        _liquidity,
        _cascade,
        _contagion,
        _holding,
    )
    return [{"code": code, "words": words} for source in sources for code, words in source(record)]


def _layers(record: dict) -> Iterator[Observation]:
    for layer in record["waterfall"]["layers"]:
        size, used = layer["size_centicents"], layer["used_centicents"]
        if size and used == size:
            words = f"layer {layer['layer_id']} was exhausted: {dollars.exact(used)}"
            yield "LAYER-EXHAUSTED", words
    unallocated = record["waterfall"]["unallocated_centicents"]
    if unallocated:
        yield "UNALLOCATED", f"no layer bears {dollars.exact(unallocated)} of the loss"


def _coverage(record: dict) -> Iterator[Observation]:
    loss = record["loss"]["total_centicents"]
    own = record["waterfall"]["own_assets_centicents"]
    if loss:
        share = f"{tenths(own, loss)} of the loss ({dollars.exact(own)} of {dollars.exact(loss)})"
        yield "MARGIN-COVERAGE", f"the defaulter's own margin and gains covered {share}"
    posted = record["declaration"]["collateral_after_haircut_centicents"]
    required = record["declaration"]["margin_required_centicents"]
    if posted < required:
        words = (
            f"collateral after haircut ({dollars.exact(posted)}) was below the required margin"
            f" ({dollars.exact(required)}), which the record assumes was paid"
        )
        yield "COLLATERAL-SHORT", words


def _conduct(record: dict) -> Iterator[Observation]:
    auction = record["auction"]
    for conduct, code, words in _CONDUCT:
        members = [row["member_id"] for row in auction["conduct"] if row["conduct"] == conduct]
        if members:
            share = f"{len(members)} of {len(auction['conduct'])} members"
            yield code, f"{share} {words} ({auction['bids_are']} bids): {', '.join(members)}"
    if auction["refused"]:
        yield (
            "BIDS-REFUSED",
            f"{number_of(len(auction['refused']), 'bid')} of the feed did not count",
        )


def _lots(record: dict) -> Iterator[Observation]:
    source = record["auction"]["bids_are"]
    for lot in record["auction"]["lots"]:
        if lot["unsold_qty"]:
            left = f"{_contracts(lot['unsold_qty'])} of {_contracts(lot['qty'])} contracts"
            words = f"lot {lot['lot_id']}: {left} were not sold ({source} bids)"
            yield "LOT-UNSOLD", f"{words} and were closed out in the market"


def _contracts(qty: int) -> str:
    return f"{qty // 100:,}.{qty % 100:02d}"


def _calls(record: dict) -> Iterator[Observation]:
    calls = record["declaration"]["calls"]
    late = [call for call in calls if call["late"]]
    if late:
        hours = max(call["hours_late"] for call in late)
        unmet = sum(call["unmet_centicents"] for call in late)
        words = f"{len(late)} of {len(calls)} margin calls on the group were late"
        yield "CALLS-LATE", f"{words}, by up to {hours} hours; {dollars.exact(unmet)} is unmet"


def _liquidity(record: dict) -> Iterator[Observation]:
    liquidity = record["liquidity"]
    if liquidity["unmet_centicents"]:
        words = f"facilities lasted {liquidity['hours_survived']} of {liquidity['hours']} hours"
        unmet = dollars.exact(liquidity["unmet_centicents"])
        yield "LIQUIDITY-SHORT", f"{words}; {unmet} could not be paid when due"


def _cascade(record: dict) -> Iterator[Observation]:
    cascade = record["cascade"]
    if cascade["liquidated"]:
        words = f"{cascade['liquidated']} of {cascade['accounts']} other margined accounts"
        deficit = dollars.exact(-(-cascade["deficit_micros"] // 100))
        rounds = number_of(cascade["rounds"], "round")
        end = f"in {rounds}, with total deficits of {deficit}"
        yield "CASCADE", f"{words} fell below maintenance margin {end}"


def _contagion(record: dict) -> Iterator[Observation]:
    rows = record["contagion"].get("members", ())
    members = [row["member_id"] for row in rows if row["fails_in_round"]]
    if members:
        words = f"{number_of(len(members), 'member')} cannot pay from the collateral in the feed"
        yield "CONTAGION", f"{words}: {', '.join(members)}"


def _holding(record: dict) -> Iterator[Observation]:
    rows = record["close_or_hold"]
    hold = [row for row in rows if row["cheaper_on_average"] == "hold"]
    if hold:
        saved = sum(
            row["close_out_cost_micros"] - row["expected_cost_of_holding_micros"] for row in hold
        )
        words = f"for {len(hold)} of {len(rows)} event positions, holding cost less on average"
        saving = f"than closing out, by {dollars.exact(-(-saved // 100))} in total"
        yield "HOLDING-CHEAPER", f"{words} {saving}, at the risk of their worst payouts"
