"""Accounts with the same book are charged the same; who is not is named, with both amounts.

Rows made by hand. The book of an account is 10.00 YES of K-A and 5.00 NO of K-B, both on
margin, unless a test says otherwise.
"""

from datetime import date

import pytest
from support.hand_rows import Tables

from reporting.rulebook import load_rulebook

MON = date(2026, 5, 4)
RULE = "RECOMPUTE-UNEQUAL-CHARGE"
USUAL = {("K-A", "margined"): 1_000, ("K-B", "margined"): -500}

pytestmark = pytest.mark.xdist_group("venue-0")


@pytest.fixture
def venue(tables: Tables) -> Tables:
    for ticker in ("K-A", "K-B", "L-A"):
        event = ticker[0]
        tables.put(
            "recompute.contracts", MON, ticker=ticker, event_ticker=event, series_ticker=f"S{event}"
        )
    return tables


def _account(
    tables: Tables,
    account: str,
    charged: int | None,
    line: int = 2,
    book: dict = USUAL,
    links: str = "",
    worst_case: int = 100_000,
) -> None:
    tables.put("validate.accounts", MON, account_id=account, linked_events=links)
    for (ticker, collateralisation), qty in book.items():
        tables.put(
            "recompute.positions",
            MON,
            account_id=account,
            ticker=ticker,
            collateralisation=collateralisation,
            closing_qty=qty,
        )
    if charged is not None:
        tables.put(
            "validate.margin_requirements",
            MON,
            cycle="EOD",
            account_id=account,
            worst_case_centicents=worst_case,
            initial_margin_centicents=charged,
            file_sha256="ff",
            line=line,
        )


def _found(tables: Tables) -> list[tuple]:
    tables.make(MON, "recompute.equal_books")
    return tables.found(RULE, MON)


def test_who_is_charged_less_than_another_with_the_same_book_is_named(venue):
    """Of two the lower: B is charged 300 of 50,000 less than A."""
    _account(venue, "A", 50_000, line=2)
    _account(venue, "B", 49_700, line=3)
    assert _found(venue) == [("B", "ff", 3)]
    sql = f"SELECT detail FROM ({load_rulebook()[RULE].sql})"
    assert venue.connection.execute(sql, {"business_date": MON}).fetchall() == [
        (
            "charged 49700 centicents of initial margin, 300 less than A with the same book,"
            " charged 50000 as 1 of 2 accounts that hold it",
        )
    ]
    columns = ("account_id", "first_account_id", "accounts", "positions", "difference_centicents")
    assert venue.rows("recompute.equal_books", MON, *columns) == [
        ("A", "A", 2, 2, 0),
        ("B", "A", 2, 2, -300),
    ]


@pytest.mark.parametrize(
    ("charges", "named"),
    [
        ({"A": 50_000, "B": 50_000, "C": 50_000}, []),
        # One is charged more than the others: it is the one, not they.
        ({"A": 50_000, "B": 60_000, "C": 50_000}, ["B"]),
        ({"A": 50_000, "B": 40_000, "C": 50_000}, ["B"]),
        ({"A": 50_000, "B": 40_000, "C": 60_000}, ["A", "B"]),
        # A worst case of 10 dollars tolerates one centicent.
        ({"A": 50_000, "B": 49_999}, []),
        ({"A": 50_000, "B": 49_998}, ["B"]),
        # Without a row there is nothing to compare; the missing margin is another finding.
        ({"A": 50_000, "B": None}, []),
        ({"A": None, "B": None}, []),
    ],
)
def test_the_usual_charge_is_what_most_accounts_of_the_book_have(venue, charges, named):
    for line, (account, charged) in enumerate(charges.items(), start=2):
        _account(venue, account, charged, line)
    assert [subject for subject, _, _ in _found(venue)] == named


def test_the_tolerance_grows_with_the_worst_case(venue):
    """A millionth of 500 dollars is five centicents, and one more."""
    for account, charged in (("A", 50_000), ("B", 49_994), ("C", 49_993)):
        _account(venue, account, charged, worst_case=5_000_000)
    assert [subject for subject, _, _ in _found(venue)] == ["C"]


@pytest.mark.parametrize(
    "other",
    [
        # Scaled, turned round, one leg less, one more, another market of the same size.
        {"book": {key: 2 * qty for key, qty in USUAL.items()}},
        {"book": {key: -qty for key, qty in USUAL.items()}},
        {"book": {("K-A", "margined"): 500}},
        {"book": USUAL | {("L-A", "margined"): 100}},
        {"book": {("K-A", "margined"): 1_000, ("L-A", "margined"): -500}},
        # Paid in full, all of it or a part.
        {"book": {(ticker, "fully_collateralised"): qty for (ticker, _), qty in USUAL.items()}},
        {"book": {("K-A", "margined"): 1_000, ("K-B", "fully_collateralised"): -500}},
        # The same sums, quantities exchanged.
        {"book": {("K-A", "margined"): -500, ("K-B", "margined"): 1_000}},
        # It can influence the event, or the series.
        {"links": " L ; K "},
        {"links": "SK"},
    ],
)
def test_another_book_is_not_compared(venue, other):
    _account(venue, "A", 50_000)
    _account(venue, "B", 10_000, **other)
    assert _found(venue) == []
    assert venue.rows("recompute.equal_books", MON, "account_id") == []


@pytest.mark.parametrize(
    ("book", "links"),
    [
        # Of an event in which nothing is held; a name that only begins like it.
        (USUAL, "L;SL"),
        (USUAL, "KK;K-A"),
        # Paid in full, a link changes nothing.
        ({("K-A", "fully_collateralised"): 1_000}, "K"),
        # What is closed is not held.
        (USUAL | {("L-A", "margined"): 0}, ""),
    ],
)
def test_what_changes_no_margin_changes_no_book(venue, book, links):
    _account(venue, "A", 50_000, 2, {key: qty for key, qty in book.items() if qty})
    _account(venue, "B", 10_000, 3, book, links)
    assert _found(venue) == [("B", "ff", 3)]


def test_links_that_both_have_make_the_same_book(venue):
    _account(venue, "A", 50_000, 2, links="K")
    _account(venue, "B", 10_000, 3, links="SK;L")
    assert _found(venue) == [("B", "ff", 3)]
