"""What the drill showed: observations that are computed, each from the record itself.

Belongs here: what counts as an observation, and its sentence. Nothing is said that a number of
the record does not show.
"""

from reporting.model.default.auction import INCOMPLETE, NO_BID

_DOLLAR = 10_000


def dollars(centicents: int) -> str:
    """US dollars with cents, or with four decimals where cents do not do."""
    whole, part = divmod(abs(centicents), _DOLLAR)
    fraction = f"{part:04d}"
    text = f"{whole:,}.{fraction[:2] if fraction.endswith('00') else fraction}"
    return f"{'-' if centicents < 0 else ''}${text}"


def lessons(record: dict) -> list[dict]:
    """Observations in a fixed order: code, words, and what they rest on."""
    found = [
        *_layers(record),
        *_coverage(record),
        *_auction(record),
        *_calls(record),
        *_liquidity(record),
        *_cascade(record),
        *_contagion(record),
        *_holding(record),
    ]
    return [{"code": code, "words": words} for code, words in found]


def _layers(record: dict):
    for layer in record["waterfall"]["layers"]:
        if layer["size_centicents"] and not layer["remaining_centicents"]:
            yield (
                "LAYER-EXHAUSTED",
                (
                    f"layer {layer['layer_id']} was used up:"
                    f" {dollars(layer['used_centicents'])} of {dollars(layer['size_centicents'])}"
                ),
            )
    rest = record["waterfall"]["unallocated_centicents"]
    if rest:
        yield "UNALLOCATED", f"{dollars(rest)} of the loss are borne by no layer"


def _coverage(record: dict):
    loss = record["loss"]["total_centicents"]
    own = record["waterfall"]["own_assets_centicents"]
    if loss:
        tenths = own * 1000 // loss
        yield (
            "MARGIN-COVERAGE",
            (
                f"the defaulter's own margin and gains covered {tenths // 10}.{tenths % 10} % of the"
                f" loss: {dollars(own)} of {dollars(loss)}"
            ),
        )
    posted = record["declaration"]["collateral_after_haircut_centicents"]
    required = record["declaration"]["margin_required_centicents"]
    if posted < required:
        yield (
            "COLLATERAL-SHORT",
            (
                f"collateral after haircut was {dollars(posted)}, below the required margin of"
                f" {dollars(required)}: the record counts the margin as if it had been paid"
            ),
        )


def _auction(record: dict):
    auction = record["auction"]
    source = auction["bids_are"]
    for conduct, code, words in (
        (NO_BID, "NO-BID", "bid for no lot"),
        (INCOMPLETE, "INCOMPLETE-BIDS", "left out lots that they had to bid for"),
    ):
        members = [row["member_id"] for row in auction["conduct"] if row["conduct"] == conduct]
        if members:
            yield (
                code,
                f"{len(members)} of {len(auction['conduct'])} members {words} ({source} bids): {', '.join(members)}",
            )
    for lot in auction["lots"]:
        if lot["unsold_qty"]:
            yield (
                "LOT-UNSOLD",
                (
                    f"lot {lot['lot_id']}: {_contracts(lot['unsold_qty'])} of {_contracts(lot['qty'])}"
                    f" contracts were not sold above the reserve ({source} bids) and were closed out in"
                    " the market"
                ),
            )
    if auction["refused"]:
        yield "BIDS-REFUSED", f"{len(auction['refused'])} bids of the feed did not count"


def _contracts(qty: int) -> str:
    return f"{qty // 100:,}.{qty % 100:02d}"


def _calls(record: dict):
    calls = record["declaration"]["calls"]
    late = [call for call in calls if call["late"]]
    if late:
        hours = max(call["hours_late"] for call in late)
        unmet = sum(call["unmet_centicents"] for call in late)
        yield (
            "CALLS-LATE",
            (
                f"{len(late)} of {len(calls)} margin calls on the group were late, the latest by"
                f" {hours} hours; {dollars(unmet)} of them unmet"
            ),
        )


def _liquidity(record: dict):
    found = record["liquidity"]
    if found["unmet_centicents"]:
        yield (
            "LIQUIDITY-SHORT",
            (
                f"facilities lasted {found['hours_survived']} hours;"
                f" {dollars(found['unmet_centicents'])} could not be paid when due"
            ),
        )


def _cascade(record: dict):
    found = record["cascade"]
    if found["liquidated"]:
        yield (
            "CASCADE",
            (
                f"{found['liquidated']} of {found['accounts']} other margined accounts fell below"
                f" maintenance margin in {found['rounds']} rounds, with deficits of"
                f" {dollars(-(-found['deficit_micros'] // 100))}"
            ),
        )


def _contagion(record: dict):
    members = [row for row in record["contagion"].get("members", ()) if row["fails_in_round"]]
    if members:
        yield (
            "CONTAGION",
            (
                f"{len(members)} members owe more than the collateral that the feed knows of:"
                f" {', '.join(row['member_id'] for row in members)}"
            ),
        )


def _holding(record: dict):
    rows = record["close_or_hold"]
    hold = [row for row in rows if row["cheaper_on_average"] == "hold"]
    if hold:
        saved = sum(
            row["close_out_cost_micros"] - row["expected_cost_of_holding_micros"] for row in hold
        )
        yield (
            "HOLDING-CHEAPER",
            (
                f"holding was cheaper on average than closing out in {len(hold)} of {len(rows)}"
                f" positions by event, by {dollars(-(-saved // 100))} in all, at the risk of their worst"
                " payouts"
            ),
        )
