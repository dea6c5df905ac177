"""Scenarios that leave prices unchanged: thin markets, falling collateral, a reversal.

Belongs here: stresses of close-out, collateral and payouts. ``losses`` has the resulting losses.
Source: stress-default-backtest.md, S4, S7, S8 and S11.
"""

import numpy as np

from reporting.model.stress.events import CloseOut, Reversal, Scenario
from reporting.model.stress.records import ScenarioRecord
from reporting.model.stress.stress_book import StressBook
from reporting.units import BPS


def depths(record: ScenarioRecord, _: StressBook) -> tuple[Scenario, ...]:
    """S7: all margined books are closed out while depth falls and spreads widen."""
    left, spread = (record.parameters[n] for n in ("depth_left_bps", "spread_multiple_bps"))
    return (Scenario.of(record, close_out=CloseOut(None, left, spread)),)


def collaterals(record: ScenarioRecord, _: StressBook) -> tuple[Scenario, ...]:
    """S8: collateral falls by asset type, plus duration x yield rise where there is a duration."""
    falls = dict(record.parameters["falls_bps"])
    rise = record.parameters["yield_rise_bps"]
    for asset, months in record.parameters["duration_months"].items():
        falls[asset] = min(BPS, falls.get(asset, 0) - (-rise * months // 12))
    return (Scenario.of(record, collateral_falls_bps=falls),)


def withdrawals(record: ScenarioRecord, book: StressBook) -> tuple[Scenario, ...]:
    """S11: the largest market maker withdraws and all margined books are closed out.

    The data do not name market makers. The group with the largest gross open house positions is
    taken; ties go to the first. In each market, depth falls by its share of open positions, and
    the half spread rises by that share of the multiple.
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
    # Every contract has a long and a short holder; the maker is on one of the two sides.
    share = np.minimum(1.0, 2.0 * makers / np.maximum(everyone, 1))
    share_bps = np.rint(share * BPS).astype(np.int64)
    widened = record.parameters["spread_multiple_bps"] - BPS
    close_out = CloseOut(None, BPS - share_bps, BPS + share_bps * widened // BPS)
    name = book.groups[maker]
    return (
        Scenario.of(
            record,
            scenario_id=f"{record.record_id}-{name}",
            words=f"{record.words}: {name}",
            state_label=f"without {name}",
            close_out=close_out,
        ),
    )


def reversals(record: ScenarioRecord, book: StressBook) -> tuple[Scenario, ...]:
    """S4: each of the largest paid events is reversed to each of its other states."""
    scenarios = []
    by_size = sorted(book.paid, key=lambda event: (-event.total_paid_micros, event.event_ticker))
    for event in by_size[: record.parameters["events"]]:
        for state, label in enumerate(event.state_labels):
            payoffs = tuple(int(pays) for pays in event.payoffs[:, state])
            if payoffs == tuple(event.paid.tolist()):
                continue
            scenarios.append(
                Scenario.of(
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
