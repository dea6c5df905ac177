"""Porting capacity by hand."""

from reporting.model.default.porting import Book, Taker, port


def book(account, group="A", need=0):
    return Book(account, group, need, 0, 0)


def test_the_largest_book_goes_to_the_member_with_the_most_room():
    """60 goes to M2 (100), 50 to M3 (50), 40 to M2 (40 left). 30 finds no room."""
    books = [book("a", need=30), book("b", need=40), book("c", need=50), book("d", need=60)]
    takers = [Taker("M2", "B", 100), Taker("M3", "C", 50)]
    found = {each.book.account_id: each for each in port(books, takers)}
    assert {a: each.member_id for a, each in found.items()} == {
        "d": "M2",
        "c": "M3",
        "b": "M2",
        "a": "",
    }
    assert found["a"].able == ("M2", "M3")
    assert found["d"].able == ("M2",)
    assert "have taken other books" in found["a"].reason


def test_a_group_takes_none_of_its_own_books():
    (found,) = port([book("a", "A", 1)], [Taker("M1", "A", 100)])
    assert (found.able, found.member_id) == ((), "")
    assert found.reason == "no member outside the group has room for it"


def test_groups_default_one_at_a_time():
    """Each finds the whole room of the other."""
    books = [book("a", "A", 10), book("b", "B", 10)]
    takers = [Taker("M1", "A", 10), Taker("M2", "B", 10)]
    assert [each.member_id for each in port(books, takers)] == ["M2", "M1"]


def test_need_is_the_sum_of_its_parts():
    assert Book("a", "A", 1, 20, 300).need == 321
