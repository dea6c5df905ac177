"""Clearing vector of members that owe each other: the payments when some cannot pay in full.

Belongs here: payments by fictitious default, in exact fractions. Sources: Eisenberg and Noe,
"Systemic Risk in Financial Systems" (Management Science 47, 2001); for default losses Rogers
and Veraart, "Failure and Rescue in an Interbank Network" (Management Science 59, 2013).
``exact_system`` solves the linear systems.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from reporting.model.default.exact_system import solve
from reporting.model.errors import ModelError


@dataclass(frozen=True)
class Network:
    """Liabilities and assets, all in one currency and due at once.

    liabilities[i][j]: amount that member i owes member j, 0 on the diagonal. external_assets,
    external_liabilities: of each member outside the network; external creditors rank equally
    with members, like an additional node that owes nothing. alpha, beta: shares of external
    assets and of receipts from members recovered when a member fails; 1 and 1 is Eisenberg and
    Noe. All numbers are exact and not negative.
    """

    liabilities: Sequence[Sequence[Fraction]]
    external_assets: Sequence[Fraction]
    external_liabilities: Sequence[Fraction]
    alpha: Fraction = Fraction(1)
    beta: Fraction = Fraction(1)


@dataclass(frozen=True)
class Clearing:
    """The greatest clearing vector, one element per member.

    payments: total payments; to_external: the part to external creditors. received: receipts
    from members. equity: assets after payment, 0 for failed members. lost: external assets and
    receipts destroyed by the failure. round_of: the round in which a member fails, 0 for never;
    a member fails in round 1 if it cannot pay although all others do.

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
        """Indices of the members that fail, ascending."""
        return tuple(member for member, number in enumerate(self.round_of) if number)

    @property
    def rounds(self) -> int:
        """Number of rounds."""
        return max(self.round_of, default=0)


def clear(network: Network) -> Clearing:
    """The greatest clearing vector. Raises ModelError naming the field.

    Fictitious default: all members are assumed to pay in full; members that cannot, fail and pay
    all they have left, which may cause others to fail in the next round. Nobody recovers, so
    there are at most as many rounds as members.
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
        unable = [i for i in members if network.external_assets[i] + received[i] < owed[i]]
        new = [i for i in unable if not round_of[i]]
        if not new:
            return _clearing(network, owed, shares, received, round_of)
        for i in new:
            round_of[i] = number
        failed = [i for i in members if round_of[i]]
        for i, share in zip(failed, _shares_of(network, owed, failed), strict=True):
            shares[i] = share


def _shares_of(network: Network, owed: Sequence[Fraction], failed: Sequence[int]) -> list[Fraction]:
    """The share of its debts that each failed member pays if all others pay in full.

    owed[i] x share[i] = alpha x external assets + beta x receipts from members. The solution is
    unique. It could fail to be unique only with beta = 1 and a set of failed members that owe
    nothing outside the set, but such a set always has a member that receives enough to survive.
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
    members, none = range(len(owed)), Fraction(0)
    payments = tuple(shares[i] * owed[i] for i in members)
    left_over = [network.external_assets[i] + received[i] - payments[i] for i in members]
    return Clearing(
        payments=payments,
        to_external=tuple(shares[i] * network.external_liabilities[i] for i in members),
        received=tuple(received),
        equity=tuple(none if round_of[i] else left_over[i] for i in members),
        lost=tuple(left_over[i] if round_of[i] else none for i in members),
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
