"""What the drill showed: observations that are computed, each from the record itself.

Belongs here: what counts as an observation, and its sentence. Nothing is said that a number of
the record does not show.
"""

from collections.abc import Iterator

from reporting.model.default.auction import INCOMPLETE, NO_BID

_DOLLAR = 10_000
_CONDUCT = (
    (NO_BID, "NO-BID", "bid for no lot"),
    (INCOMPLETE, "INCOMPLETE-BIDS", "left out lots that they had to bid for"),
)

Observation = tuple[str, str]


def dollars(centicents: int) -> str:
    """US dollars with cents, or with four decimals where cents do not do."""
    whole, part = divmod(abs(centicents), _DOLLAR)
    fraction = f"{part:04d}"
    text = f"{whole:,}.{fraction[:2] if fraction.endswith('00') else fraction}"
    return f"{'-' if centicents < 0 else ''}${text}"


def tenths(part: int, whole: int) -> str:
    """A share in per cent with one decimal, rounded down."""
    shown = part * 1000 // whole
    return f"{shown // 10}.{shown % 10} %"


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
            words = f"layer {layer['layer_id']} was used up: {dollars(used)}"
            yield "LAYER-EXHAUSTED", words
    rest = record["waterfall"]["unallocated_centicents"]
    if rest:
        yield "UNALLOCATED", f"{dollars(rest)} of the loss are borne by no layer"


def _coverage(record: dict) -> Iterator[Observation]:
    loss = record["loss"]["total_centicents"]
    own = record["waterfall"]["own_assets_centicents"]
    if loss:
        share = f"{tenths(own, loss)} of the loss, {dollars(own)} of {dollars(loss)}"
        yield "MARGIN-COVERAGE", f"the defaulter's own margin and gains covered {share}"
    posted = record["declaration"]["collateral_after_haircut_centicents"]
    required = record["declaration"]["margin_required_centicents"]
    if posted < required:
        words = f"collateral after haircut, {dollars(posted)}, was below the required margin,"
        yield "COLLATERAL-SHORT", f"{words} {dollars(required)}, which the record counts as paid"


def _conduct(record: dict) -> Iterator[Observation]:
    auction = record["auction"]
    for conduct, code, words in _CONDUCT:
        members = [row["member_id"] for row in auction["conduct"] if row["conduct"] == conduct]
        if members:
            share = f"{len(members)} of {len(auction['conduct'])} members"
            yield code, f"{share} {words} ({auction['bids_are']} bids): {', '.join(members)}"
    if auction["refused"]:
        yield "BIDS-REFUSED", f"{len(auction['refused'])} bids of the feed did not count"


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
        yield "CALLS-LATE", f"{words}, by up to {hours} hours; {dollars(unmet)} of them unmet"


def _liquidity(record: dict) -> Iterator[Observation]:
    found = record["liquidity"]
    if found["unmet_centicents"]:
        words = f"facilities lasted {found['hours_survived']} of {found['hours']} hours"
        unmet = dollars(found["unmet_centicents"])
        yield "LIQUIDITY-SHORT", f"{words}; {unmet} could not be paid when due"


def _cascade(record: dict) -> Iterator[Observation]:
    found = record["cascade"]
    if found["liquidated"]:
        words = f"{found['liquidated']} of {found['accounts']} other margined accounts"
        deficit = dollars(-(-found["deficit_micros"] // 100))
        rounds = "1 round" if found["rounds"] == 1 else f"{found['rounds']} rounds"
        end = f"in {rounds}, with deficits of {deficit}"
        yield "CASCADE", f"{words} fell below maintenance margin {end}"


def _contagion(record: dict) -> Iterator[Observation]:
    rows = record["contagion"].get("members", ())
    members = [row["member_id"] for row in rows if row["fails_in_round"]]
    if members:
        words = f"{len(members)} members owe more than the feed knows them to have"
        yield "CONTAGION", f"{words}: {', '.join(members)}"


def _holding(record: dict) -> Iterator[Observation]:
    rows = record["close_or_hold"]
    hold = [row for row in rows if row["cheaper_on_average"] == "hold"]
    if hold:
        saved = sum(
            row["close_out_cost_micros"] - row["expected_cost_of_holding_micros"] for row in hold
        )
        words = f"in {len(hold)} of {len(rows)} positions by event holding was cheaper on average"
        by = f"than closing out, by {dollars(-(-saved // 100))} in all"
        yield "HOLDING-CHEAPER", f"{words} {by}, at the risk of their worst payouts"
