"""What the replica reads from the tables of a date, by hand."""

import hashlib
import json
from datetime import date

import pyarrow
import pyarrow.parquet
import pytest
from support.hand_rows import Tables

from reporting.errors import UserError
from reporting.lake.selects import load_select
from reporting.model.events.terms import EventTerms
from reporting.stages.recompute.comparison import replica_inputs

DAY = date(2026, 5, 4)


def owner_quantities(tables: Tables, account_id: str) -> dict[str, int]:
    rows = tables.connection.execute(
        load_select("recompute/reads/replica_owner_quantities"),
        {"business_date": DAY, "account_id": account_id},
    ).fetchall()
    return {ticker: int(quantity) for ticker, quantity in rows}


def position(
    tables: Tables, account_id: str, ticker: str, qty: int, kind: str = "margined"
) -> None:
    tables.put(
        "recompute.positions",
        DAY,
        account_id=account_id,
        ticker=ticker,
        closing_qty=qty,
        collateralisation=kind,
    )


def test_positions_of_one_beneficial_owner_are_added_up(tables: Tables):
    """A and B have one LEI; C and D one id, C no LEI; E is known by nothing but its account. What
    an account holds in full does not count, nor what it has closed."""
    for account, lei, owner in [
        ("A", "LEI-1", "x"),
        ("B", "LEI-1", None),
        ("C", "", "y"),
        ("D", None, "y"),
        ("E", None, None),
    ]:
        tables.put("validate.accounts", DAY, account_id=account, owner_lei=lei, owner_id=owner)
    position(tables, "A", "T1", 300)
    position(tables, "B", "T1", -200)
    position(tables, "B", "T2", 100)
    position(tables, "B", "T3", 900, "fully_collateralised")
    position(tables, "C", "T1", 50)
    position(tables, "D", "T1", 0)
    position(tables, "D", "T2", -7)
    position(tables, "E", "T1", 1)
    position(tables, "F", "T1", 2)
    assert owner_quantities(tables, "A") == owner_quantities(tables, "B") == {"T1": 500, "T2": 100}
    assert owner_quantities(tables, "C") == owner_quantities(tables, "D") == {"T1": 50, "T2": 7}
    assert owner_quantities(tables, "E") == {"T1": 1}
    # An account that the feed does not name owns itself.
    assert owner_quantities(tables, "F") == {"T1": 2}


class StatedSchedule:
    """A date whose schedule in force is the given one."""

    business_date = DAY

    def __init__(self, parameters: dict) -> None:
        self._row = ("V1", json.dumps(parameters))

    def read(self, name: str):
        assert name == "recompute/reads/replica_schedule"
        return self

    def fetchone(self):
        return self._row


def test_the_schedule_names_the_model():
    stated = {"model": "ECM-2", "seed": 7}
    assert replica_inputs.schedule_in_force(StatedSchedule(stated)) == ("V1", stated)
    with pytest.raises(UserError, match=r"V1 names ECM-1; the replica is of ECM-2"):
        replica_inputs.schedule_in_force(StatedSchedule({"model": "ECM-1"}))
    with pytest.raises(UserError, match=r"V1 names no model"):
        replica_inputs.schedule_in_force(StatedSchedule({"seed": 7}))


def test_both_sets_are_read_from_the_published_file(tmp_path):
    path = tmp_path / "V1.parquet"
    rows = pyarrow.table(
        {
            "event_ticker": ["E", "F"],
            "ticker": ["E-1", "F-1"],
            "model_price": [0.6, 0.5],
            "prices_at_rho": [[0.5, 0.7], [0.5, 0.5]],
            "prices_at_zero": [[0.4, 0.8], [0.5, 0.5]],
        }
    )
    pyarrow.parquet.write_table(rows, path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    (ticker,) = found = replica_inputs.published_prices(path, digest, ["E"])
    assert ticker == "E-1" and found["E-1"].model_price == 0.6
    assert (found["E-1"].at_rho, found["E-1"].at_zero) == ([0.5, 0.7], [0.4, 0.8])


ROW = ("E-1", "Who wins?", "Sports", "S", 86_400, date(2026, 5, 6), True, 6000, None, None, 0, 10)


@pytest.mark.parametrize(
    ("changes", "ordered", "voids"),
    [
        ({"structure": "binary", "voids": ("half", "fair")}, True, ("half", "fair")),
        ({"structure": "exclusive"}, False, ()),
        ({"structure": "exclusive_exhaustive", "on_one_variable": True}, True, ()),
        ({"structure": "exclusive_exhaustive"}, False, ()),
    ],
)
def test_terms_become_a_listed_event(changes, ordered, voids):
    terms = EventTerms(event_ticker="E", reason="", legs=("E-1",), **changes)
    event = replica_inputs._event("E", [ROW], terms, DAY, {"E": [0.4, 0.6]}, {})
    assert (event.ordered, event.voids, event.probabilities) == (ordered, voids, (0.4, 0.6))
    (market,) = event.contracts
    assert (market.mark, market.settled, market.may_close_early) == (6000, False, True)
    assert (event.tau_seconds, event.resolution_date, market.open_interest) == (
        *(86_400, "2026-05-06"),
        10,
    )
