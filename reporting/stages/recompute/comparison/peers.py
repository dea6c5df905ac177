"""Margin of other kinds of venue on the books of the day, beside ours.

Belongs here: which contracts move together, at which rates, and the rows. The arithmetic is in
``model/peers``, the rates are in ``data_checks/peer_rates.yaml``. Method: docs/peers.md.
"""

import numpy as np
import pyarrow

from reporting.engine.declaration import schema_of, table
from reporting.model.events.terms import EXCLUSIVE, EXCLUSIVE_EXHAUSTIVE, LADDER
from reporting.model.margin.worst_case import payoff_range
from reporting.model.peers.conversion import Conversion, conversion_kind, conversion_netting
from reporting.model.peers.peer_books import PeerBooks
from reporting.model.peers.scanning import (
    Extreme,
    ScanningMargin,
    ScanRates,
    risk_arrays,
    scanning_margin,
)
from reporting.model.portfolio.margins import Margins
from reporting.model.portfolio.market import Market
from reporting.model.portfolio.positions import FULLY_COLLATERALISED, MARGINED
from reporting.rulebook.peer_rates import PeerRates, peer_rates_in_force
from reporting.stages.recompute.day_book import DayBook
from reporting.units import CENTICENTS_PER_DOLLAR

_OUTCOMES = (EXCLUSIVE, EXCLUSIVE_EXHAUSTIVE)


@table(
    "recompute.peer_margin",
    grain="one row per account and collateralisation with an open position",
    meaning=(
        "margin of other kinds of venue on the same book beside ours, in micros (docs/peers.md):"
        " scanning-range margin of a futures clearing house at the rates of"
        " data_checks/peer_rates.yaml, and collateral locked on a decentralised venue that converts"
        " sets of outcomes; each difference is the peer's margin less ours"
    ),
    reads="recompute.account_margin",
    columns="""
        account_id collateralisation initial_margin_micros worst_case_micros scanning_risk_micros
        spread_charge_micros spread_credit_micros short_minimum_micros scanning_margin_micros
        net_option_value_micros premium_paid_scanning_micros without_netting_micros
        conversion_micros full_sets_micros scanning_less_initial_micros
        scanning_less_worst_case_micros conversion_less_worst_case_micros
    """,
)
def peer_rows(book: DayBook, margins: Margins) -> pyarrow.Table:
    """The rows of ``recompute.peer_margin``, in order of account, margined before the other."""
    market, positions = book.market, book.positions
    contracts = _Contracts(market, peer_rates_in_force(book.business_date))
    books = PeerBooks.of(
        2 * positions.account + ~positions.margined,
        market.first_contract[positions.event] + positions.leg,
        positions.qty,
        2 * len(book.account_ids),
        int(market.first_contract[-1]),
        contracts.largest,
    )
    held = np.flatnonzero(np.diff(books.start))
    account, full = held // 2, held % 2 == 1
    worst = np.where(full, margins.full_worst_case[account], margins.margined.worst_case[account])
    initial = np.where(full, worst, margins.margined.initial[account])
    names = np.array(book.account_ids, dtype=object)
    return pyarrow.table(
        {
            "account_id": names[account],
            "collateralisation": np.where(full, FULLY_COLLATERALISED, MARGINED),
            **_columns(
                initial, worst, contracts.scanning(books), contracts.conversion(books), held
            ),
        },
        schema_of("recompute.peer_margin"),
    )


def _columns(
    initial: np.ndarray,
    worst: np.ndarray,
    scanning: ScanningMargin,
    conversion: Conversion,
    held: np.ndarray,
) -> dict[str, np.ndarray]:
    required = scanning.requirement[held]
    # As W: a sure gain at the marks is no negative requirement.
    locked = np.maximum(conversion.locked[held], 0)
    return {
        "initial_margin_micros": initial,
        "worst_case_micros": worst,
        "scanning_risk_micros": scanning.scanning_risk[held],
        "spread_charge_micros": scanning.spread_charge[held],
        "spread_credit_micros": scanning.spread_credit[held],
        "short_minimum_micros": scanning.short_minimum[held],
        "scanning_margin_micros": required,
        "net_option_value_micros": scanning.net_option_value[held],
        "premium_paid_scanning_micros": scanning.premium_paid_requirement[held],
        "without_netting_micros": conversion.gross[held],
        "conversion_micros": locked,
        "full_sets_micros": conversion.full_sets[held],
        "scanning_less_initial_micros": required - initial,
        "scanning_less_worst_case_micros": required - worst,
        "conversion_less_worst_case_micros": locked - worst,
    }


class _Contracts:
    """The contracts of the market as the two methods see them: arrays over contracts."""

    def __init__(self, market: Market, rates: PeerRates) -> None:
        self._first = market.first_contract
        legs = np.diff(self._first)
        self._event = np.repeat(np.arange(len(legs)), legs)
        structures = np.array([terms.structure for terms in market.terms], dtype=object)
        # Rungs of a ladder rise and fall together: one commodity. All else is its own.
        together = np.repeat(structures == LADDER, legs)
        begins = np.ones(len(self._event), dtype=bool)
        begins[1:] = ~together[1:] | (np.diff(self._event) > 0)
        self._commodity = np.cumsum(begins) - 1
        self._kinds = np.array([conversion_kind(terms) for terms in market.terms], dtype=np.int64)
        self._marks = np.concatenate([np.zeros(0, dtype=np.int64), *market.marks])
        ranges = [
            payoff_range(terms, marks)
            for terms, marks in zip(market.terms, market.marks, strict=True)
        ]
        empty = [np.zeros(0, dtype=np.int64)]
        self._lowest = np.concatenate(empty + [low for low, _ in ranges])
        self._highest = np.concatenate(empty + [high for _, high in ranges])
        self.largest = int(max(CENTICENTS_PER_DOLLAR, *self._bounds()))
        event_rates = [
            rates.of(series, category)
            for series, category in zip(market.series, market.categories, strict=True)
        ]
        outcomes = np.isin(structures, _OUTCOMES)
        self._rates = ScanRates(
            *(
                np.repeat(np.array(amounts, dtype=np.int64), legs)
                for amounts in (
                    [rate.price_range for rate in event_rates],
                    [rate.spread_charge for rate in event_rates],
                    [rate.short_minimum for rate in event_rates],
                    np.where(outcomes, [rate.credit_bps for rate in event_rates], 0),
                )
            )
        )
        self._extreme = Extreme(rates.extreme_multiple, rates.extreme_cover_bps)

    def _bounds(self) -> tuple[int, ...]:
        if not len(self._marks):
            return (0,)
        return tuple(
            int(np.abs(prices).max()) for prices in (self._marks, self._lowest, self._highest)
        )

    def scanning(self, books: PeerBooks) -> ScanningMargin:
        up, down = self._highest - self._marks, self._marks - self._lowest
        arrays = risk_arrays(self._rates.price_range, up, down, self._extreme)
        return scanning_margin(
            books, self._event, self._commodity, self._marks, arrays, self._rates
        )

    def conversion(self, books: PeerBooks) -> Conversion:
        return conversion_netting(
            books,
            self._first,
            self._kinds,
            self._marks,
            (self._lowest, self._highest),
            CENTICENTS_PER_DOLLAR,
        )
