"""Clearing vector of members that owe each other: who pays how much when some cannot.

Belongs here: payments by fictitious default, in exact fractions. Sources: Eisenberg and Noe,
"Systemic Risk in Financial Systems" (Management Science 47, 2001); Rogers and Veraart,
"Failure and Rescue in an Interbank Network" (Management Science 59, 2013), for what is lost
when a member fails. Solving linear systems exactly is ``exact_system``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from reporting.model.default.exact_system import solve
from reporting.model.errors import ModelError


@dataclass(frozen=True)
class Network:
    """Who owes what, all of one currency and due at once.

    liabilities[i][j]: what member i owes member j, 0 on the diagonal. external_assets: what
    each has from outside. external_liabilities: what each owes outside; these creditors rank
    beside the members, as one more node that owes nothing would. alpha, beta: shares of
    external assets and of receipts from members that are left when a member fails; both 1 is
    Eisenberg and Noe. All numbers exact and not negative.
    """

    liabilities: Sequence[Sequence[Fraction]]
    external_assets: Sequence[Fraction]
    external_liabilities: Sequence[Fraction]
    alpha: Fraction = Fraction(1)
    beta: Fraction = Fraction(1)


@dataclass(frozen=True)
class Clearing:
    """The greatest clearing vector, one element per member.

    payments: what each pays in all; to_external: the part for creditors outside. received:
    from members. equity: assets after payment, 0 for who fails. lost: external assets and
    receipts that the failure destroyed. round_of: the round in which a member fails, 0 for
    never; in round 1 fails who cannot pay although all others do.

    The sum of equity, to_external and lost is the sum of external assets.
    """

    payments: tuple[Fraction, ...]
    to_external: tuple[Fraction, ...]
    received: tuple[Fraction, ...]
    equity: tuple[Fraction, ...]
    lost: tuple[Fraction, ...]
    round_of: tuple[int, ...]

    @property
    def defaults(self) -> tuple[int, ...]:
        """Members that fail, in order of number."""
        return tuple(member for member, number in enumerate(self.round_of) if number)

    @property
    def rounds(self) -> int:
        return max(self.round_of, default=0)


def clear(network: Network) -> Clearing:
    """The greatest clearing vector. Raises ModelError naming the field.

    Rounds of fictitious default: everybody is taken to pay in full; who then cannot, fails,
    pays all that is left, and pulls others down in the next round. Nobody recovers, so there are at
    most as many rounds as members.
    """
    _check(network)
    members = range(len(network.external_assets))
    owed = [
        sum(network.liabilities[i], Fraction(0)) + network.external_liabilities[i] for i in members
    ]
    round_of = [0] * len(owed)
    shares = [Fraction(1)] * len(owed)
    number = 0
    while True:
        number += 1
        received = _received(network, shares)
        new = [
            i
            for i in members
            if not round_of[i] and network.external_assets[i] + received[i] < owed[i]
        ]
        if not new:
            return _clearing(network, owed, shares, received, round_of)
        for i in new:
            round_of[i] = number
        failed = [i for i in members if round_of[i]]
        for i, share in zip(failed, _shares_of(network, owed, failed), strict=True):
            shares[i] = share


def _shares_of(network: Network, owed: Sequence[Fraction], failed: Sequence[int]) -> list[Fraction]:
    """The share of its debts that each failed member pays, all others paying in full.

    owed[i] x share[i] = alpha x external assets + beta x what members pay. There is one
    solution: it could be lacking only with beta = 1 and a set of failed members that owe
    nothing outside the set, and such a set always has a member that is paid enough to stand.
    """
    standing = set(range(len(owed))).difference(failed)
    rows, right = [], []
    for i in failed:
        row = [-network.beta * network.liabilities[j][i] for j in failed]
        row[len(rows)] += owed[i]
        from_standing = sum((network.liabilities[j][i] for j in standing), Fraction(0))
        rows.append(row)
        right.append(network.alpha * network.external_assets[i] + network.beta * from_standing)
    return solve(rows, right)


def _received(network: Network, shares: Sequence[Fraction]) -> list[Fraction]:
    members = range(len(shares))
    return [
        sum((shares[j] * network.liabilities[j][i] for j in members), Fraction(0)) for i in members
    ]


def _clearing(
    network: Network,
    owed: Sequence[Fraction],
    shares: Sequence[Fraction],
    received: Sequence[Fraction],
    round_of: Sequence[int],
) -> Clearing:
    payments = [share * debt for share, debt in zip(shares, owed, strict=True)]
    over = [
        assets + more - paid
        for assets, more, paid in zip(network.external_assets, received, payments, strict=True)
    ]
    external = zip(shares, network.external_liabilities, strict=True)
    return Clearing(
        payments=tuple(payments),
        to_external=tuple(share * debt for share, debt in external),
        received=tuple(received),
        equity=tuple(
            Fraction(0) if failed else x for failed, x in zip(round_of, over, strict=True)
        ),
        lost=tuple(x if failed else Fraction(0) for failed, x in zip(round_of, over, strict=True)),
        round_of=tuple(round_of),
    )


def _check(network: Network) -> None:
    count = len(network.external_assets)
    if len(network.liabilities) != count:
        raise ModelError("liabilities", f"must have one row for each of the {count} members")
    if len(network.external_liabilities) != count:
        raise ModelError(
            "external_liabilities", f"must have one element for each of the {count} members"
        )
    for i, row in enumerate(network.liabilities):
        if len(row) != count:
            raise ModelError(
                f"liabilities[{i}]", f"must have one element for each of the {count} members"
            )
        for j, amount in enumerate(row):
            if amount < 0 or (i == j and amount):
                words = "a member owes itself nothing" if i == j else "must not be negative"
                raise ModelError(f"liabilities[{i}][{j}]", words)
    for name in ("external_assets", "external_liabilities"):
        for i, amount in enumerate(getattr(network, name)):
            if amount < 0:
                raise ModelError(f"{name}[{i}]", "must not be negative")
    for name in ("alpha", "beta"):
        if not 0 <= getattr(network, name) <= 1:
            raise ModelError(name, "must lie between 0 and 1")
