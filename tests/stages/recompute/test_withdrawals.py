"""What customers took back, what it left, and whose calls were overdue: rows by hand."""

from datetime import date

FRI, MON = date(2026, 5, 1), date(2026, 5, 4)
COLUMNS = ("account_id", "assets", "shortfall_centicents", "overdue_accounts", "file_sha256")


def _account(tables, account, before, after, initial=0, value=0, owner="O-1", **changes):
    """An account with units by asset on both dates."""
    row = {"account_id": account, "member_id": "M-1", "origin": "customer", "owner_id": owner}
    tables.put("validate.accounts", MON, **row | changes)
    for day, assets in ((FRI, before), (MON, after)):
        for asset, units in assets.items():
            held = {"asset_type": asset, "quantity": units, "file_sha256": "held", "line": 4}
            tables.put("validate.collateral", day, account_id=account, **held)
    margin = {"initial_margin_centicents": initial, "collateral_value_centicents": value}
    tables.put("recompute.account_margin", MON, account_id=account, **margin)


def _call(tables, account, late=True, unmet=1, day=MON):
    row = {"account_id": account, "call_id": f"C-{account}", "late": late}
    tables.put("recompute.calls", day, unmet_centicents=unmet, **row)


def _rows(tables):
    tables.put("recompute.days", MON, previous_business_date=FRI)
    tables.make(MON, "recompute.withdrawals")
    return tables.rows("recompute.withdrawals", MON, *COLUMNS)


def test_what_is_held_less_of_and_what_it_leaves(tables):
    _account(tables, "A-1", {"cash": "10.5"}, {"cash": "10.25"}, initial=500, value=499)
    _account(tables, "A-2", {"cash": "10", "crypto": "2"}, {"cash": "12"}, initial=500, value=500)
    _account(tables, "A-3", {"cash": "10"}, {"cash": "10"}, initial=500, value=1)
    _account(tables, "A-4", {"cash": "10"}, {}, initial=500, value=0)
    # The rule protects customers; what a house takes back is no customer's.
    _account(tables, "A-5", {"cash": "10"}, {}, initial=500, origin="house")
    assert _rows(tables) == [
        ("A-1", "cash 0.25", 1, "", "held"),
        ("A-2", "crypto 2.00", 0, "", "held"),
        ("A-4", "cash 10.00", 500, "", ""),
    ]


def test_overdue_calls_of_the_same_owner_at_the_same_member(tables):
    fall = {"cash": "2"}, {"cash": "1"}
    _account(tables, "A-1", *fall)
    for account in ("A-2", "A-3"):
        _account(tables, account, {}, {})
        _call(tables, account)
    _account(tables, "B-1", *fall, owner="O-2")
    _account(tables, "B-2", {}, {}, owner="O-2", member_id="M-2")
    _call(tables, "B-2")
    # Its own call, a call that is not due yet, one that is met, one of yesterday, no owner.
    _account(tables, "C-1", *fall, owner="O-3")
    _call(tables, "C-1")
    for account, call in (("C-2", {"late": False}), ("C-3", {"unmet": 0}), ("C-4", {"day": FRI})):
        _account(tables, account, {}, {}, owner="O-3")
        _call(tables, account, **call)
    _account(tables, "D-1", *fall, owner=None)
    _account(tables, "D-2", {}, {}, owner=None)
    _call(tables, "D-2")
    # The LEI counts before the internal id.
    _account(tables, "E-1", *fall, owner="O-4", owner_lei="LEI")
    _account(tables, "E-2", {}, {}, owner="O-5", owner_lei="LEI")
    _call(tables, "E-2")
    assert [(row[0], row[3]) for row in _rows(tables)] == [
        ("A-1", "A-2 A-3"),
        ("B-1", ""),
        ("C-1", ""),
        ("D-1", ""),
        ("E-1", "E-2"),
    ]
