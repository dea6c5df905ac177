"""Inputs of the replica of the margin model, read from the tables of a date.

Belongs here: from rows to the replica's own records. No reader is shared with the day's book, so
that a mistake in either shows. Only the outcome terms of the events are the same.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

import pyarrow.parquet

from reporting.engine.day import Day
from reporting.errors import UserError
from reporting.model.events.terms import EventTerms
from reporting.replica import (
    AccountBooks,
    Contract,
    ContractPrices,
    ListedEvent,
    Pool,
    SelectedLeg,
)

MODEL = "ECM-2"


def margined_accounts(day: Day) -> list[str]:
    """The accounts with margined positions, in no order."""
    return [row[0] for row in day.read("recompute/reads/replica_margined_accounts").fetchall()]


def holders(day: Day) -> list[str]:
    """The accounts with open positions, by id."""
    return [row[0] for row in day.read("recompute/reads/replica_holders").fetchall()]


def schedule_in_force(day: Day) -> tuple[str, dict]:
    """Version and parameters. Raises UserError when there is none, or for another model."""
    row = day.read("recompute/reads/replica_schedule").fetchone()
    if row is None:
        raise UserError(f"no margin schedule is in force on {day.business_date}")
    version, parameters = row[0], json.loads(row[1])
    if parameters.get("model") != MODEL:
        stated = parameters.get("model") or "no model"
        raise UserError(f"margin schedule {version} names {stated}; the replica is of {MODEL}")
    return version, parameters


def volatility_pools(day: Day) -> dict[tuple[str, int], Pool]:
    """Squared volatility ratios by category and bucket."""
    return {row[:2]: Pool(*row[2:]) for row in day.read("recompute/reads/replica_pools").fetchall()}


def account_books(day: Day, account_id: str) -> tuple[AccountBooks, set[str]]:
    """One account with its books, and the events in which it holds a position."""
    books: dict[str, dict[str, int]] = {"margined": {}, "fully_collateralised": {}}
    events = set()
    for ticker, event, collateralisation, quantity in day.read(
        "recompute/reads/replica_positions", account_id=account_id
    ).fetchall():
        books[collateralisation][ticker] = quantity
        events.add(event)
    linked = day.read("recompute/reads/replica_linked_events", account_id=account_id).fetchall()
    names = (name.strip() for row in linked for name in (row[0] or "").split(";"))
    return (
        AccountBooks(
            account_id,
            books["margined"],
            books["fully_collateralised"],
            frozenset(name for name in names if name),
            tuple(day.read("recompute/reads/replica_collateral", account_id=account_id).fetchall()),
            {
                ticker: int(quantity)
                for ticker, quantity in day.read(
                    "recompute/reads/replica_owner_quantities", account_id=account_id
                ).fetchall()
            },
        ),
        events,
    )


def listed_events(
    day: Day, terms: Mapping[str, EventTerms], names: Iterable[str]
) -> dict[str, ListedEvent]:
    """Events by ticker, and the known leg events of the combinations among them."""
    events = _listed(day, terms, set(names))
    leg_events = {leg.event for event in events.values() for leg in event.legs}
    return events | _listed(day, terms, leg_events - events.keys())


def _listed(day: Day, terms: Mapping[str, EventTerms], names: set[str]) -> dict[str, ListedEvent]:
    if not names:
        return {}
    wanted = sorted(names)
    rows: dict[str, list[tuple]] = {}
    for event, *row in day.read("recompute/reads/replica_contracts", events=wanted).fetchall():
        rows.setdefault(event, []).append(tuple(row))
    probabilities: dict[str, list[float]] = {}
    for event, probability in day.read(
        "recompute/reads/replica_probabilities", events=wanted
    ).fetchall():
        probabilities.setdefault(event, []).append(probability)
    combinations = [name for name in rows if terms[name].structure == "combination"]
    legs = (
        dict(day.read("recompute/reads/replica_combination_legs", events=combinations).fetchall())
        if combinations
        else {}
    )
    return {
        name: _event(name, rows[name], terms[name], day.business_date, probabilities, legs)
        for name in rows
    }


def _event(
    name: str,
    rows: list[tuple],
    terms: EventTerms,
    business_date: date,
    probabilities: Mapping[str, list[float]],
    legs: Mapping[str, str | None],
) -> ListedEvent:
    _, title, category, series, tau_seconds, *_ = rows[0]
    dates = [row[5] for row in rows]
    has_table = terms.structure in ("ladder_brackets", "matrix")
    return ListedEvent(
        ticker=name,
        structure=terms.structure,
        contracts=tuple(_contract(row, business_date) for row in rows),
        category=category,
        series=series,
        title=title,
        tau_seconds=tau_seconds,
        resolution_date=None if None in dates else min(dates).isoformat(),
        probabilities=tuple(probabilities.get(name, ())),
        k=terms.k,
        table=terms.payoffs if has_table else (),
        state_labels=terms.state_labels if has_table else (),
        labels=terms.leg_labels,
        voids=terms.voids,
        legs=_selected_legs(legs.get(name)),
        tiles_one_variable=terms.on_one_variable,
    )


def _contract(row: tuple, business_date: date) -> Contract:
    ticker, *_, early, mark, settlement, first_traded, volume, interest = row
    volume_per_day = Fraction(0)
    if volume:
        volume_per_day = Fraction(volume, 1 + (business_date - first_traded).days)
    return Contract(
        ticker=ticker,
        mark=mark if settlement is None else settlement,
        settled=settlement is not None,
        may_close_early=early,
        daily_volume=volume_per_day,
        open_interest=int(interest or 0),
    )


def _selected_legs(text: str | None) -> tuple[SelectedLeg, ...]:
    """The legs of a combination; empty if they cannot be read."""
    try:
        legs = json.loads(text or "[]")
        return tuple(
            SelectedLeg(leg["event_ticker"], leg["market_ticker"], leg["side"] == "yes")
            for leg in legs
        )
    except (ValueError, TypeError, KeyError):
        return ()


def published_prices(path: Path, sha256: str, events: Iterable[str]) -> dict[str, ContractPrices]:
    """Prices of some events by ticker, from the published scenario file.

    Raises UserError if the file is missing or is not the published one.
    """
    if not path.is_file():
        raise UserError(f"{path}: the published scenario set is missing; run the date again")
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != sha256:
        raise UserError(
            f"{path}: its SHA-256 is {digest}, {sha256} was published; run the date again"
        )
    table = pyarrow.parquet.read_table(path, filters=[("event_ticker", "in", set(events))])
    return {
        row["ticker"]: ContractPrices(
            row["model_price"], row["prices_at_rho"], row["prices_at_zero"]
        )
        for row in table.drop_columns("event_ticker").to_pylist()
    }
