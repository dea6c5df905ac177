"""Every stream that may arrive, with its grain and columns.

A column's ``kind`` says which text is accepted (``PATTERNS``) before anything is
cast, so that no value is rounded or guessed on the way in. Money is in
centicents (1e-4 USD), signed from the member's side; quantities are contracts
with at most two decimals; prices are US dollars with at most four decimals
(six are accepted on the wire, a finer price than 1e-4 becomes a finding).

To add a feed: add a ``Stream`` here, ``sql/validate/<stream>.sql`` for the casts,
and rules in ``data_checks/`` (see docs/how-to.md).
"""

from dataclasses import dataclass

# Full-match patterns per kind. Width limits keep every accepted value, and what it is
# multiplied with (a quantity with a price, an amount with basis points), inside int64.
# A date and a time must also exist (``feeds/checks.py``).
PATTERNS = {
    "text": r"[^\x00-\x1f]*",
    "json": r"[^\x00]*",
    # Old tickers of the exchange hold blanks, commas and signs: "GDP-232022 Q4-T0.0",
    # "JOBLESS-22SEP10-C220,000", "FEDDECISION-23JUL-H>25".
    "id": r"[A-Za-z0-9](?:[A-Za-z0-9 ,>._:/-]{0,118}[A-Za-z0-9._:/-])?",
    "whole": r"-?[0-9]{1,14}",
    "bps": r"[0-9]{1,6}",
    "cents": r"[0-9]{1,9}(\.0+)?",
    "decimal": r"-?[0-9]{1,14}(\.[0-9]{1,12})?",
    "quantity": r"-?[0-9]{1,10}(\.[0-9]{1,2}0*)?",
    "price": r"[0-9]{1,9}(\.[0-9]{1,6})?",
    "flag": r"true|false|True|False",
    "date": r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}",
    "time": r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}"
    r"(\.[0-9]{1,9})?(Z|[+-](0[0-9]|1[0-8])(:?[0-5][0-9])?)",
}


@dataclass(frozen=True)
class Column:
    """One column of a stream: its wire name, the kind of text, and its meaning.

    ``required``: an empty or absent value sends the row to quarantine.
    ``choices``: the only accepted values, where the contract lists them.
    """

    name: str
    kind: str
    meaning: str
    required: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Stream:
    """One stream: who sends it, what a row is, and its columns in order.

    ``key`` names the row: of rows with the same key the last file's counts, so that a
    sender corrects a row by sending it again under the next sequence number.
    ``wrapper`` is the key under which the public API puts the rows of a page.
    ``one_of`` lists groups of columns of which at least one must be filled: the
    generations of the public API name the same fact differently.
    ``daily``: the stream is expected every business date.
    """

    name: str
    sender: str
    grain: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    wrapper: str | None = None
    one_of: tuple[tuple[str, ...], ...] = ()
    daily: bool = True

    @property
    def column_names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def _must(name: str, kind: str, meaning: str, choices: tuple[str, ...] = ()) -> Column:
    return Column(name, kind, meaning, required=True, choices=choices)


def _may(name: str, kind: str, meaning: str, choices: tuple[str, ...] = ()) -> Column:
    return Column(name, kind, meaning, choices=choices)


_CYCLES = ("12:00", "16:00", "EOD")

_PUBLIC = (
    Stream(
        "trades",
        "venue",
        "one row per trade",
        (
            _must("trade_id", "id", "identifier given by the venue"),
            _must("ticker", "id", "market"),
            _must("created_time", "time", "when the trade happened"),
            _must("taker_side", "text", "side that the taker bought", ("yes", "no")),
            _may("count", "quantity", "contracts (first and second generation)"),
            _may("count_fp", "quantity", "contracts (third generation)"),
            _may("yes_price", "cents", "YES price, cents"),
            _may("no_price", "cents", "NO price, cents"),
            _may("yes_price_dollars", "price", "YES price, dollars"),
            _may("no_price_dollars", "price", "NO price, dollars"),
        ),
        key=("trade_id",),
        wrapper="trades",
        one_of=(("count", "count_fp"), ("yes_price", "yes_price_dollars")),
    ),
    Stream(
        "markets",
        "venue",
        "one row per market whose terms or state are new or changed that day",
        (
            _must("ticker", "id", "market"),
            _must("event_ticker", "id", "event that the market belongs to"),
            _must(
                "status",
                "text",
                "life cycle",
                (
                    "initialized",
                    "inactive",
                    "active",
                    "closed",
                    "determined",
                    "disputed",
                    "amended",
                    "finalized",
                ),
            ),
            _may("result", "text", "outcome once known", ("", "yes", "no", "scalar", "void")),
            _may("market_type", "text", "binary or scalar"),
            _may("title", "text", "title"),
            _may("subtitle", "text", "subtitle; may hold the only range of an old market"),
            _may("yes_sub_title", "text", "what YES means"),
            _may("strike_type", "text", "how strikes bound the outcome"),
            _may("floor_strike", "decimal", "lower strike"),
            _may("cap_strike", "decimal", "upper strike"),
            _may("custom_strike", "json", "terms of custom and structured markets"),
            _may("open_time", "time", "first possible trade"),
            _may("close_time", "time", "last possible trade"),
            _may("expected_expiration_time", "time", "expected resolution"),
            _may("expiration_time", "time", "latest resolution"),
            _may("can_close_early", "flag", "may resolve before its close"),
            _may("last_price", "cents", "last price, cents"),
            _may("last_price_dollars", "price", "last price, dollars"),
            _may("open_interest", "quantity", "open interest, contracts"),
            _may("open_interest_fp", "quantity", "open interest, contracts (third generation)"),
            _may("volume", "quantity", "contracts traded since listing"),
            _may("volume_fp", "quantity", "contracts traded (third generation)"),
            _may("settlement_value", "decimal", "settlement of YES, cents"),
            _may("settlement_value_dollars", "price", "settlement of YES, dollars"),
            _may("tick_size", "whole", "price step, cents"),
            _may("price_level_structure", "text", "tick structure (third generation)"),
            _may("mve_collection_ticker", "id", "collection of a combination"),
            _may("mve_selected_legs", "json", "legs of a combination"),
            _may("rules_primary", "text", "rule that decides the outcome"),
            _may("rules_secondary", "json", "further rules"),
        ),
        key=("ticker",),
        wrapper="markets",
    ),
    Stream(
        "events",
        "venue",
        "one row per event that is new or changed that day",
        (
            _must("event_ticker", "id", "event"),
            _must("series_ticker", "id", "series"),
            _must("mutually_exclusive", "flag", "at most one of its markets can be YES"),
            _may("collateral_return_type", "text", "venue's netting", ("", "MECNET", "DIRECNET")),
            _may("category", "text", "category"),
            _may("title", "text", "title"),
            _may("sub_title", "text", "subtitle"),
            _may("strike_date", "time", "date that the outcome refers to"),
        ),
        key=("event_ticker",),
        wrapper="events",
    ),
    Stream(
        "series",
        "venue",
        "one row per series that is new or changed that day",
        (
            _must("ticker", "id", "series"),
            _may("category", "text", "category"),
            _may("title", "text", "title"),
            _may("fee_type", "text", "fee formula"),
            _may("fee_multiplier", "decimal", "multiplier of the fee formula"),
            _may("settlement_sources", "json", "who decides"),
        ),
        key=("ticker",),
        wrapper="series",
    ),
    Stream(
        "market_data",
        "venue",
        "one row per market: the venue's public daily file",
        (
            _must("date", "date", "trading day"),
            _must("ticker_name", "id", "market"),
            _may("report_ticker", "id", "series under which it is reported"),
            _may("payout_type", "text", "payout"),
            _may("open_interest", "quantity", "contracts"),
            _may("daily_volume", "quantity", "contracts"),
            _may("block_volume", "quantity", "contracts"),
            _may("high", "decimal", "highest price, cents"),
            _may("low", "decimal", "lowest price, cents"),
            _may("status", "text", "life cycle"),
        ),
        key=("date", "ticker_name"),
        daily=False,
    ),
    Stream(
        "trade_data",
        "venue",
        "one row per trade, without identifiers: the venue's public daily file",
        (
            _must("date", "date", "trading day"),
            _must("ticker_name", "id", "market"),
            _may("report_ticker", "id", "series under which it is reported"),
            _must("create_ts", "time", "when the trade happened"),
            _must("contracts_traded", "quantity", "contracts"),
            _must("price", "decimal", "YES price, cents"),
        ),
        daily=False,
    ),
)

_CLEARING = (
    Stream(
        "members",
        "clearing",
        "one row per clearing member (the whole list, every day)",
        (
            _must("member_id", "id", "member"),
            _must("name", "text", "name"),
            _may("lei", "id", "legal entity identifier"),
            _must("affiliate_group", "id", "group that defaults together"),
            _must("clears_for", "text", "whom it clears", ("house", "customer", "both")),
            _must("status", "text", "standing", ("active", "suspended", "defaulted")),
        ),
        key=("member_id",),
    ),
    Stream(
        "accounts",
        "clearing",
        "one row per account (the whole list, every day)",
        (
            _must("account_id", "id", "account"),
            _must("member_id", "id", "member that clears it"),
            _must("origin", "text", "whose risk it is", ("house", "customer")),
            _must("segregation_class", "text", "how its assets are kept apart"),
            _may("owner_lei", "id", "owner, by LEI"),
            _may("owner_id", "id", "owner, by internal id"),
            _may("linked_events", "text", "events it can influence, by ';' (wrong-way)"),
            _must("margin_permission", "flag", "may hold margined positions"),
        ),
        key=("account_id",),
    ),
    Stream(
        "trade_audit",
        "clearing",
        "two rows per trade: who bought YES, who bought NO",
        (
            _must("trade_id", "id", "trade"),
            _must("account_id", "id", "account"),
            _must("side", "text", "what it bought", ("yes", "no")),
            _must("quantity", "quantity", "contracts"),
            _must("price", "price", "YES price, dollars"),
            _must(
                "collateralisation",
                "text",
                "how the position is carried",
                ("margined", "fully_collateralised"),
            ),
            _must("role", "text", "role in the trade", ("taker", "maker")),
        ),
        key=("trade_id", "side"),
    ),
    Stream(
        "position_snapshot",
        "clearing",
        "one row per cycle, account and market, zero positions left out",
        (
            _must("cycle", "text", "settlement cycle", _CYCLES),
            _must("account_id", "id", "account"),
            _must("ticker", "id", "market"),
            _must("long", "quantity", "YES contracts"),
            _must("short", "quantity", "NO contracts, as a positive number"),
        ),
        key=("cycle", "account_id", "ticker"),
    ),
    Stream(
        "market_price_snapshot",
        "clearing",
        "one row per cycle and open market",
        (
            _must("cycle", "text", "settlement cycle", _CYCLES),
            _must("ticker", "id", "market"),
            _must("settlement_price", "price", "mark of YES, dollars"),
            _may("source", "text", "where the mark comes from"),
            _may("method", "text", "how it was made"),
        ),
        key=("cycle", "ticker"),
    ),
    Stream(
        "settlement_periods",
        "clearing",
        "one row per market settled that day; an amendment is a higher revision",
        (
            _must("ticker", "id", "market"),
            _must("result", "text", "outcome", ("yes", "no", "scalar", "void")),
            _must("settlement_value", "price", "what one YES pays, dollars"),
            _must("settled_time", "time", "when"),
            _must("revision", "whole", "0, then 1, 2, ... for amendments"),
        ),
        key=("ticker", "revision"),
    ),
    Stream(
        "margin_requirements",
        "clearing",
        "one row per cycle and account with an open position",
        (
            _must("cycle", "text", "settlement cycle", _CYCLES),
            _must("account_id", "id", "account"),
            _must("worst_case_centicents", "whole", "worst-case loss"),
            _must("core_centicents", "whole", "core margin"),
            _must("add_ons_centicents", "whole", "add-ons"),
            _must("initial_margin_centicents", "whole", "initial margin charged"),
            _must("maintenance_margin_centicents", "whole", "maintenance margin"),
            _must("schedule_version", "id", "margin schedule used"),
        ),
        key=("cycle", "account_id"),
    ),
    Stream(
        "obligations",
        "clearing",
        "one row per cycle and account with a cash flow",
        (
            _must("cycle", "text", "settlement cycle", _CYCLES),
            _must("account_id", "id", "account"),
            _must("variation_centicents", "whole", "variation, negative = member pays"),
            _must("fees_centicents", "whole", "fees, negative = member pays"),
            _must("margin_change_centicents", "whole", "margin change, negative = member pays"),
            _must("net_centicents", "whole", "sum of the three"),
            _must("due_time", "time", "payable by"),
            _may("paid_time", "time", "paid at"),
        ),
        key=("cycle", "account_id"),
    ),
    Stream(
        "margin_calls",
        "clearing",
        "one row per margin call, in its latest state",
        (
            _must("call_id", "id", "call"),
            _must("account_id", "id", "account"),
            _must("cycle", "text", "cycle that raised it", _CYCLES),
            _must("issued_time", "time", "issued at"),
            _must("due_time", "time", "due by"),
            _must("amount_centicents", "whole", "amount called"),
            _must("met_centicents", "whole", "amount met"),
            _may("met_time", "time", "met at"),
            _must("state", "text", "state", ("issued", "met", "late", "disputed", "cancelled")),
            _may("reason", "text", "why it was raised"),
            _may("dispute_stage", "text", "stage of a dispute"),
            _may("dispute_outcome", "text", "outcome of a dispute"),
        ),
        key=("call_id",),
    ),
    Stream(
        "collateral",
        "clearing",
        "one row per account, asset and custodian",
        (
            _must("account_id", "id", "account"),
            _must("asset_type", "text", "type, as in the haircut table"),
            _must("custodian", "text", "who holds it"),
            _must("quantity", "decimal", "units held"),
            _must("value_centicents", "whole", "market value before haircut"),
            _must("haircut_bps", "bps", "haircut, basis points"),
            _must("segregation", "text", "segregation of the custody account"),
            _must("reuse", "flag", "may be rehypothecated"),
        ),
        key=("account_id", "asset_type", "custodian"),
    ),
    Stream(
        "guaranty_fund",
        "clearing",
        "one row per member",
        (
            _must("member_id", "id", "member"),
            _must("required_centicents", "whole", "required contribution"),
            _must("deposited_centicents", "whole", "deposited contribution"),
        ),
        key=("member_id",),
    ),
    Stream(
        "resources",
        "clearing",
        "one row per layer of the default waterfall, in order of use",
        (
            _must("layer_order", "whole", "1 is used first"),
            _must("layer_id", "id", "layer"),
            _must(
                "layer_type",
                "text",
                "kind of layer",
                (
                    "defaulter_margin",
                    "defaulter_fund",
                    "own_capital",
                    "survivors_fund",
                    "insurance",
                    "assessment",
                    "gains_haircut",
                    "facility",
                ),
            ),
            _must("amount_centicents", "whole", "size; 0 where members' data say it"),
            _may("cap_multiple_bps", "bps", "assessment cap, basis points of contribution"),
            _must("prefunded", "flag", "counts as prefunded"),
            _may("words", "text", "description"),
        ),
        key=("layer_id",),
    ),
    Stream(
        "margin_schedule",
        "clearing",
        "one row per version of the margin schedule",
        (
            _must("version", "id", "version"),
            _must("effective_date", "date", "in force from"),
            _must("approver", "text", "who approved it"),
            _must("reason", "text", "why it was changed"),
            _must("parameters", "json", "parameters, see docs/model.md"),
        ),
        key=("version",),
    ),
    Stream(
        "bids",
        "clearing",
        "one row per auction lot and member (drills and real defaults)",
        (
            _must("auction_id", "id", "auction"),
            _must("lot_id", "id", "lot"),
            _must("member_id", "id", "bidder"),
            _must("price", "decimal", "bid per lot, dollars, negative = wants to be paid"),
            _must("quantity", "quantity", "share of the lot, contracts"),
        ),
        key=("auction_id", "lot_id", "member_id"),
        daily=False,
    ),
    Stream(
        "benchmarks",
        "clearing",
        "one row per series and date: broader risk series, other venues",
        (
            _must("series_id", "id", "series"),
            _must("date", "date", "date of the value"),
            _must("value", "decimal", "value"),
            _may("unit", "text", "unit"),
        ),
        key=("series_id", "date"),
        daily=False,
    ),
)

STREAMS: dict[str, Stream] = {stream.name: stream for stream in _PUBLIC + _CLEARING}
"""All streams by name."""
