"""The defaulter's positions, their close-out cost, hedges, and the lots of the auction.

Belongs here: from the case to lots that can be sold. Only open margined positions are closed out.
Fully collateralised positions cannot lose more than was paid in and are held. House positions of
the group net. Customer positions are sold together; each customer pays by its maximum loss.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from reporting.model.default.auction import Lot
from reporting.model.default.hedging import Hedge, Hedgeable, greedy_hedges
from reporting.model.default.liquidation import (
    CloseOrHold,
    Position,
    close_or_hold,
    liquidation_cost,
)
from reporting.model.events.probabilities import state_probabilities
from reporting.model.events.terms import BINARIES, has_listed_states, payoffs
from reporting.model.margin.add_ons import price_deviation
from reporting.model.margin.worst_case import worst_case
from reporting.model.stress.events import StressEvent
from reporting.studies.default_drill.case import Case
from reporting.units import BPS, CENTICENTS_PER_DOLLAR, centicents_from_micros_up

HOUSE, CUSTOMERS = "HOUSE", "CUSTOMERS"


@dataclass(frozen=True)
class SaleLot:
    """A lot, in units of 1e-2 contracts of the whole basket; its mark and reserve are of the
    whole lot, in micros, and so are bids. net: quantity by contract. cost: of closing it out,
    micros. shares: by paying book, the book's maximum loss in the lot."""

    lot: Lot
    side: str
    category: str
    net: dict[int, int]
    cost: int
    shares: dict[int, int]


@dataclass(frozen=True)
class Closing:
    """The close-out. net: by side, quantity by contract before hedges."""

    net: dict[str, np.ndarray]
    hedges: list[Hedge]
    hedge_events: list[int]
    lots: list[SaleLot]

    @property
    def hedge_cost(self) -> int:
        """Centicents."""
        return int(centicents_from_micros_up(sum(hedge.cost for hedge in self.hedges)))


def close_out(case: Case) -> Closing:
    """Nets, hedges of the house and lots by side and category."""
    net = {side: _net(case, side) for side in (HOUSE, CUSTOMERS)}
    events, hedges = _hedges(case, net[HOUSE])
    hedged = net[HOUSE].copy()
    for hedge in hedges:
        first = case.held.market.first_contract[events[hedge.event]]
        hedged[first + hedge.leg] += hedge.qty
    lots = [*_lots(case, HOUSE, hedged), *_lots(case, CUSTOMERS, net[CUSTOMERS])]
    return Closing(net, hedges, events, lots)


def _rows(case: Case, side: str) -> np.ndarray:
    """Rows of the stress book that are closed out for a side."""
    held = case.held.positions
    books = case.in_group & case.held.accounts.margined
    books &= case.is_house if side == HOUSE else ~case.is_house
    return np.flatnonzero(books[held.account] & case.is_open[held.contract])


def _net(case: Case, side: str) -> np.ndarray:
    rows = _rows(case, side)
    net = np.zeros(len(case.price), dtype=np.int64)
    np.add.at(net, case.held.positions.contract[rows], case.held.positions.qty[rows])
    return net


def _position(case: Case, contracts: np.ndarray, qty: np.ndarray) -> Position:
    """For the cost alone: without payoffs."""
    none = np.zeros((len(qty), 1), dtype=np.int64)
    spread, volume = case.spread[contracts], case.daily_volume[contracts]
    sigma = _sigma(case)[contracts]
    return Position(qty, case.price[contracts], spread, sigma, volume, none, np.ones(1))


def _sigma(case: Case) -> np.ndarray:
    """Deviation of the price over the liquidation period by contract, dollars."""
    information = np.array([event.information for event in case.held.market.events], np.float64)
    return price_deviation(case.price, information[case.event_of])


def closing_cost(case: Case, net: dict[int, int]) -> int:
    """Cost of closing out quantities by contract in the market, micros, each rounded up."""
    contracts = np.array(sorted(net), dtype=np.int64)
    qty = np.array([net[c] for c in contracts.tolist()], dtype=np.int64)
    return int(_up(liquidation_cost(_position(case, contracts, qty), case.eta)).sum())


def _up(amounts: np.ndarray) -> np.ndarray:
    # Noise in the last bits (a thousandth of a micro) must not be rounded up to a whole micro.
    return np.ceil(np.round(amounts, 3)).astype(np.int64)


def _hedges(case: Case, net: np.ndarray) -> tuple[list[int], list[Hedge]]:
    """The events with the house's largest worst cases, and the trades that lower them."""
    market, volume = case.held.market, case.daily_volume
    depth = np.where(case.is_open, (volume * case.rules.hedge_depth_bps / BPS), 0.0)
    sizes = []
    for number, event in enumerate(market.events):
        legs = slice(*market.first_contract[number : number + 2])
        if net[legs].any():
            loss = worst_case(event.terms, case.price[legs], net[None, legs]).loss_micros[0]
            sizes.append((-int(loss), event.terms.event_ticker, number))
    largest = [number for *_, number in sorted(sizes)[: case.rules.hedge_most_events]]
    sigma = _sigma(case)
    hedgeable = []
    for number in largest:
        legs = slice(*market.first_contract[number : number + 2])
        hedgeable.append(
            Hedgeable(
                market.events[number].terms,
                case.price[legs],
                net[legs],
                depth[legs].astype(np.int64),
                case.spread[legs],
                sigma[legs],
                volume[legs],
            )
        )
    return largest, greedy_hedges(hedgeable, case.rules.hedge_most_trades, case.eta)


def _lots(case: Case, side: str, net: np.ndarray) -> Iterator[SaleLot]:
    """One lot per category, in order of name; a side that nets to zero has none."""
    categories = np.array([event.category for event in case.held.market.events], dtype=object)
    of_contract = categories[case.event_of] if len(net) else np.zeros(0, dtype=object)
    bidders = tuple(member.member_id for member in case.survivors if member.status == "active")
    for category in sorted(set(of_contract[np.flatnonzero(net)].tolist())):
        contracts = np.flatnonzero((net != 0) & (of_contract == category))
        held = {int(c): int(net[c]) for c in contracts}
        value = sum(qty * int(case.price[c]) for c, qty in held.items())
        cost = closing_cost(case, held)
        reserve = value - -(-cost * case.rules.reserve_bps // BPS)
        units = sum(abs(qty) for qty in held.values())
        lot_id = f"{side}-{category or 'none'}"
        yield SaleLot(
            Lot(lot_id, units, value, reserve, bidders),
            side,
            category,
            held,
            cost,
            _shares(case, contracts) if side == CUSTOMERS else {},
        )


def _shares(case: Case, contracts: np.ndarray) -> dict[int, int]:
    """Each customer book's maximum loss in some contracts; quantities if all of these are zero."""
    held, rows = case.held.positions, _rows(case, CUSTOMERS)
    rows = rows[np.isin(held.contract[rows], contracts)]
    qty, price = held.qty[rows], case.price[held.contract[rows]]
    lose = np.where(qty > 0, qty * price, -qty * (CENTICENTS_PER_DOLLAR - price))
    if not lose.any():
        lose = np.abs(qty)
    shares: dict[int, int] = {}
    for book, amount in zip(held.account[rows].tolist(), lose.tolist(), strict=True):
        shares[book] = shares.get(book, 0) + amount
    return dict(sorted(shares.items()))


def close_or_hold_rows(case: Case, closing: Closing) -> list[dict]:
    """By side and event: closing out the net position compared with holding it to resolution."""
    rows = []
    market = case.held.market
    for side, net in closing.net.items():
        for number, event in enumerate(market.events):
            legs = np.arange(*market.first_contract[number : number + 2])
            if not net[legs].any():
                continue
            parts = [close_or_hold(p, case.eta) for p in _to_resolution(case, event, legs, net)]
            rows.append({"side": side, "event_ticker": event.terms.event_ticker} | _summed(parts))
    return rows


def _summed(parts: list[CloseOrHold]) -> dict:
    """Sums over parts, micros; an event without joint states has a part per contract."""
    cost = sum(int(_up(part.cost).sum()) for part in parts)
    expected = sum(round(part.cost_of_holding) for part in parts)
    risk = sum(part.risk_of_holding for part in parts)
    return {
        "value_micros": sum(part.value for part in parts),
        "close_out_cost_micros": cost,
        "expected_cost_of_holding_micros": expected,
        "worst_cost_of_holding_micros": risk,
        "cheaper_on_average": "hold" if expected < cost else "close out",
        "holding_can_cost_more": risk > cost,
    }


def _to_resolution(
    case: Case, event: StressEvent, legs: np.ndarray, net: np.ndarray
) -> Iterator[Position]:
    """The event as one position, or each contract alone if its states are not listed."""
    plain = _position(case, legs, net[legs])
    terms, marks = event.terms, case.price[legs]
    if terms.structure != BINARIES and has_listed_states(terms):
        matrix = payoffs(terms, marks)[0].astype(np.int64)
        settled = None if event.settled is None else event.settled
        chances = state_probabilities(terms, marks, event.priced, settled)[0]
        yield _with_states(plain, slice(None), matrix, chances)
        return
    for leg in np.flatnonzero(net[legs]).tolist():
        chance = int(marks[leg]) / terms.payout
        no_yes = np.array([[0, terms.payout]], dtype=np.int64)
        alone = np.array([1.0 - chance, chance])
        yield _with_states(plain, slice(leg, leg + 1), no_yes, alone)


def _with_states(plain: Position, legs: slice, matrix: np.ndarray, chances: np.ndarray) -> Position:
    return Position(
        plain.qty[legs],
        plain.mark[legs],
        plain.spread[legs],
        plain.sigma[legs],
        plain.daily_volume[legs],
        matrix,
        chances,
    )


def position_rows(case: Case) -> list[dict]:
    """The positions of the group's accounts, in order of account and contract."""
    held, market = case.held.positions, case.held.market
    rows = np.flatnonzero(case.in_group[held.account])
    order = np.lexsort((held.contract[rows], held.account[rows]))
    records = []
    for row in rows[order].tolist():
        book, contract, qty = int(held.account[row]), int(held.contract[row]), int(held.qty[row])
        mark, price = int(market.marks[contract]), int(case.price[contract])
        records.append(
            {
                "account_id": case.book.account_ids[book // 2],
                "member_id": case.book.member_ids[book // 2],
                "side": HOUSE if case.is_house[book] else CUSTOMERS,
                "margined": book % 2 == 0,
                "event_ticker": market.events[case.event_of[contract]].terms.event_ticker,
                "ticker": case.tickers[contract],
                "qty": qty,
                "mark_centicents": mark,
                "scenario_price_centicents": price,
                "settled": not case.is_open[contract],
                "loss_micros": qty * (mark - price),
            }
        )
    return records


def hedge_rows(case: Case, closing: Closing) -> list[dict]:
    """The hedges in the order in which they were chosen."""
    market, rows = case.held.market, []
    for hedge in closing.hedges:
        terms = market.events[closing.hedge_events[hedge.event]].terms
        rows.append(
            {
                "event_ticker": terms.event_ticker,
                "ticker": terms.legs[hedge.leg],
                "qty": hedge.qty,
                "worst_case_before_micros": hedge.worst_case_before,
                "worst_case_after_micros": hedge.worst_case_after,
                "cost_micros": hedge.cost,
            }
        )
    return rows
