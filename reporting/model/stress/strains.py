"""Scenarios beside the prices: thin markets, collateral that falls, a reversal.

Belongs here: what strains closing out, collateral and payouts. What an account loses by it
is in ``losses``. Source: stress-default-backtest.md, S4, S7, S8 and S11.
"""

import numpy as np

from reporting.model.stress.events import CloseOut, Reversal, Scenario
from reporting.model.stress.records import ScenarioRecord
from reporting.model.stress.stress_book import PaidEvent, StressBook
from reporting.units import BPS


def _scenario(record: ScenarioRecord, **more) -> Scenario:
    given = {
        "scenario_id": record.record_id,
        "family": record.family,
        "words": record.words,
        "version": record.version,
        "owner": record.owner,
    }
    return Scenario(**given | more)


def depths(record: ScenarioRecord, _: StressBook) -> tuple[Scenario, ...]:
    """S7: every margined book is closed out while depth falls and spreads widen."""
    left, spread = (record.parameters[n] for n in ("depth_left_bps", "spread_multiple_bps"))
    return (_scenario(record, close_out=CloseOut(None, left, spread)),)


def collaterals(record: ScenarioRecord, _: StressBook) -> tuple[Scenario, ...]:
    """S8: collateral falls by type; what has a duration also by duration x rise of yields."""
    falls = dict(record.parameters["falls_bps"])
    rise = record.parameters["yield_rise_bps"]
    for asset, months in record.parameters["duration_months"].items():
        falls[asset] = min(BPS, falls.get(asset, 0) - (-rise * months // 12))
    return (_scenario(record, collateral_falls_bps=falls),)


def withdrawals(record: ScenarioRecord, book: StressBook) -> tuple[Scenario, ...]:
    """S11: the group that makes the most markets stops, and all margined books are closed out.

    Who makes markets is not in the data: the group with the largest gross open positions of
    its house accounts is taken, first of equals. In each market depth falls by its share of
    the open positions, and the half spread rises by that share of the multiple.
    """
    accounts, held = book.accounts, book.positions
    contracts = len(held.start) - 1
    held.refuse_overflow(1)
    size = np.abs(held.qty)
    of_house = accounts.is_house[held.account].astype(bool)
    by_group = np.zeros(len(book.groups), dtype=np.int64)
    np.add.at(by_group, accounts.group[held.account[of_house]], size[of_house])
    if not by_group.any():
        return ()
    maker = int(np.argmax(by_group))
    everyone, makers = np.zeros(contracts, dtype=np.int64), np.zeros(contracts, dtype=np.int64)
    np.add.at(everyone, held.contract, size)
    mine = of_house & (accounts.group[held.account] == maker)
    np.add.at(makers, held.contract[mine], size[mine])
    # Each contract that one holds long another holds short: the maker is one side of both.
    share = np.minimum(1.0, 2.0 * makers / np.maximum(everyone, 1))
    share_bps = np.rint(share * BPS).astype(np.int64)
    widened = record.parameters["spread_multiple_bps"] - BPS
    closed = CloseOut(None, BPS - share_bps, BPS + share_bps * widened // BPS)
    name = book.groups[maker]
    return (
        _scenario(
            record,
            scenario_id=f"{record.record_id}-{name}",
            words=f"{record.words}: {name}",
            state_label=f"without {name}",
            close_out=closed,
        ),
    )


def reversals(record: ScenarioRecord, book: StressBook) -> tuple[Scenario, ...]:
    """S4: the state of each of the largest paid events is revoked for each other state."""
    scenarios = []
    largest = sorted(book.paid, key=_by_size)[: record.parameters["events"]]
    for event in largest:
        for state, label in enumerate(event.state_labels):
            payoffs = tuple(int(pays) for pays in event.payoffs[:, state])
            if payoffs == tuple(event.paid.tolist()):
                continue
            scenarios.append(
                _scenario(
                    record,
                    scenario_id=f"{record.record_id}-{event.event_ticker}-{state:03d}",
                    words=f"{record.words}: {event.event_ticker} becomes {label}",
                    event_ticker=event.event_ticker,
                    category=event.category,
                    state_label=label,
                    reversal=Reversal(
                        event.event_ticker, payoffs, record.parameters["withdrawn_bps"]
                    ),
                )
            )
    return tuple(scenarios)


def _by_size(event: PaidEvent) -> tuple[int, str]:
    return -event.total_paid_micros, event.event_ticker
