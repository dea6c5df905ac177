"""Porting capacity: which member could take which customer's book of a defaulting group.

Belongs here: what a book asks of the member that takes it, and who has room for it. Amounts are
integers in one unit. Source: stress-default-backtest.md, S10; 17 CFR 39.16(d), 22.8.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Book:
    """A customer's book and what a member that takes it must find.

    call: required margin not covered by the customer's collateral; beyond_margin: loss beyond
    margin in the scenario of the default; contribution: the rise of the member's deposit to the
    fund.
    """

    account_id: str
    group: str
    call: int
    beyond_margin: int
    contribution: int

    @property
    def need(self) -> int:
        """All that the member must find."""
        return self.call + self.beyond_margin + self.contribution


@dataclass(frozen=True)
class Taker:
    """A member that clears for customers. capacity: its free resources."""

    member_id: str
    group: str
    capacity: int


@dataclass(frozen=True)
class Porting:
    """Who could take a book.

    able: members that could take it if they took nothing else; member_id: the member to which it
    goes when all books of the group are placed, empty if it finds no room.
    """

    book: Book
    able: tuple[str, ...]
    member_id: str

    @property
    def reason(self) -> str:
        """Why the book is not placed, empty if it is."""
        if self.member_id:
            return ""
        if self.able:
            return "the members that could take it have taken other books"
        return "no member outside the group has room for it"


def port(books: Sequence[Book], takers: Iterable[Taker]) -> list[Porting]:
    """Place the books of each group, one default at a time, in the order given.

    The books with the largest need go first, each to the member with the most room left; ties in
    order of name. Filling the largest first does not always place the most books.
    """
    takers = sorted(takers, key=lambda taker: taker.member_id)
    placed: dict[str, str] = {}
    able: dict[str, tuple[str, ...]] = {}
    for group in sorted({book.group for book in books}):
        room = {taker.member_id: taker.capacity for taker in takers if taker.group != group}
        of_group = [book for book in books if book.group == group]
        for book in of_group:
            able[book.account_id] = tuple(m for m, left in room.items() if left >= book.need)
        placed |= _placed(of_group, dict(room))
    return [Porting(b, able[b.account_id], placed.get(b.account_id, "")) for b in books]


def _placed(books: Sequence[Book], room: dict[str, int]) -> dict[str, str]:
    placed: dict[str, str] = {}
    for book in sorted(books, key=lambda book: (-book.need, book.account_id)):
        member = max(sorted(room), key=room.__getitem__, default=None)
        if member is not None and room[member] >= book.need:
            room[member] -= book.need
            placed[book.account_id] = member
    return placed
