"""A hypothetical book as a file: JSON and CSV, and errors that name the entry."""

import pytest

from reporting.errors import UserError
from reporting.studies.what_if import read_book


def test_json_and_csv_say_the_same():
    first, second = '{"ticker": "A", "contracts": 100}', '{"ticker": "B", "contracts": "2.5"'
    json_book = f'{{"positions": [{first}, {second}, "side": "no"}}]}}'
    csv_book = "ticker,contracts,side\nA,100,\nB,2.5,no\n"
    expected = {"A": 10_000, "B": -250}
    assert read_book("book.json", json_book) == read_book("book.CSV", csv_book) == expected


def test_entries_of_one_ticker_add_up():
    assert read_book("b.csv", "ticker,contracts\nA,100\nA,-30\n") == {"A": 7_000}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("b.json", "{", "b.json: is not JSON"),
        ("b.json", "[]", "b.json: needs"),
        ("b.json", '{"positions": []}', "b.json: holds no position"),
        ("b.json", '{"positions": [7]}', r"positions\[0\]: must be an object"),
        ("b.json", '{"positions": [{"contracts": 1}]}', r"positions\[0\]: ticker is missing"),
        ("b.json", '{"positions": [{"ticker": "A"}]}', r"positions\[0\]: contracts must be"),
        ("b.json", '{"positions": [{"ticker": "A", "qty": 1}]}', "qty is no field"),
        ("b.csv", "ticker,contracts\nA,1\nB,0.001\n", "b.csv, line 3: contracts must be"),
        ("b.csv", "ticker,contracts,side\nA,1,buy\n", "line 2: side must be yes or no, not buy"),
        ("b.csv", "ticker,contracts\nA,1e40\n", "line 2: contracts must be"),
        ("b.csv", "ticker,contracts\nA,nan\n", "line 2: contracts must be"),
        ("b.csv", "ticker,contracts\nA,1,2,3\n", "line 2: has more values"),
    ],
)
def test_a_bad_entry_is_named(name, text, said):
    with pytest.raises(UserError, match=said):
        read_book(name, text)
