"""The guaranty fund by member and the house's own layers, sized each morning by a rule.

The rule: after the two groups of affiliates that the stress of the close hits hardest have used
up their own deposits, the other deposits and the house's own capital are ``MULTIPLE_BPS`` of what
these two still lack. Deposits are by risk: half by loss beyond margin in the stress,
a quarter each by open interest and by volume, with a minimum. Amounts are centicents.
"""

import numpy as np

from reporting.simulator.clearing_house.collateral import DOLLAR
from reporting.simulator.clearing_house.roster import Roster
from reporting.simulator.clearing_house.venue_stress import VenueStress, group_numbers

MULTIPLE_BPS = 11_500
MIN_FUND, MIN_DEPOSIT = 4_000 * DOLLAR, 50 * DOLLAR
MIN_CAPITAL = 500 * DOLLAR
"""Each of the two tranches: the greater of this and a share of the fund."""
CAPITAL_BPS = 1_000
OPERATING_COSTS = 200 * DOLLAR
"""Own capital that must stay for them (17 CFR 39.11(a)(2)); it is part of the second tranche."""
ASSESSED_BPS, ASSESSED_DAYS = (20_000, 55_000), 180
"""What a member can be called for, in multiples of its deposit: in one default, in a period."""
_WEIGHTS = (0.5, 0.25, 0.25)
_ROUNDS = 60


class CommonResources:
    """Deposits by member, and own capital in two tranches: before and after the others' deposits.

    ``lost_deposits`` and ``lost_capital``: what a default has used and is not replaced yet;
    ``gone``: members that have none any more.
    """

    def __init__(self, roster: Roster) -> None:
        self._group = group_numbers(roster)
        count = len(roster.members)
        self.required = np.full(count, MIN_DEPOSIT, np.int64)
        self.lost_deposits = np.zeros(count, np.int64)
        self.capital = [MIN_CAPITAL, MIN_CAPITAL]
        self.lost_capital = [0, 0]
        self.credit_line = MIN_CAPITAL
        self.gone = np.zeros(count, bool)

    @property
    def deposited(self) -> np.ndarray:
        """What each member has in the fund."""
        return np.where(self.gone, 0, np.maximum(self.required - self.lost_deposits, 0))

    def size(self, stress: VenueStress, volume: np.ndarray) -> None:
        """Required deposits and own capital after a stress; ``volume``: by member."""
        loss = self._by_group(np.where(self.gone, 0, stress.beyond_margin))
        shares = [stress.beyond_margin, stress.open_interest, volume]
        left = ~self.gone
        weight = sum(
            part * values / max(1, int(values[left].sum()))
            for part, values in zip(_WEIGHTS, shares, strict=True)
        )
        weight = np.where(left, weight, 0.0)
        fund = float(loss.sum())
        for _ in range(_ROUNDS):
            deposits = np.where(left, np.maximum(MIN_DEPOSIT, max(MIN_FUND, fund) * weight), 0.0)
            own = np.bincount(self._group, deposits)
            lacking = np.maximum(loss - own, 0)
            worst = np.argsort(-lacking, kind="stable")[:2]
            needed = MULTIPLE_BPS / 10_000 * float(lacking[worst].sum())
            capital = 2 * max(MIN_CAPITAL, CAPITAL_BPS / 10_000 * float(deposits.sum()))
            found = float(deposits.sum() - own[worst].sum()) + capital
            # Halfway, as more deposits also mean that the two lack less.
            fund *= 1 + 0.5 * (needed / found - 1) if found else 1.0
        self.required = np.where(left, _dollars_up(deposits), 0)
        tranche = max(MIN_CAPITAL, int(self.required.sum()) * CAPITAL_BPS // 10_000)
        self.capital = [max(0, tranche - lost) for lost in self.lost_capital]
        # So much may be due before the two that lose most have paid.
        self.credit_line = max(MIN_CAPITAL, int(np.sort(self._by_group(stress.loss))[-2:].sum()))

    def absorb(self, loss: int, member: int, non_bidders: list[int]) -> dict[str, int]:
        """A default's loss beyond margin in the order of the layers; what each of them paid.

        Of the others' deposits those of members that did not bid come first.
        """
        used: dict[str, int] = {}

        def take(layer: str, available: int) -> int:
            nonlocal loss
            paid = min(loss, available)
            loss -= paid
            used[layer] = used.get(layer, 0) + paid
            return paid

        before = self.deposited
        take("DEFAULTER-FUND", int(before[member]))
        self.gone[member] = True
        self.lost_capital[0] += take("OWN-CAPITAL-1", self.capital[0])
        others = np.flatnonzero(~self.gone).tolist()
        juniors = [n for n in others if n in non_bidders]
        for members in (juniors, [n for n in others if n not in non_bidders]):
            deposits = before[members]
            paid = take("SURVIVORS-FUND", int(deposits.sum()))
            if paid:
                parts = deposits * paid // int(deposits.sum())
                parts[0] += paid - int(parts.sum())
                self.lost_deposits[members] += parts
        self.lost_capital[1] += take("OWN-CAPITAL-2", self.capital[1])
        used["UNALLOCATED"] = loss
        return used

    def layers(self) -> list[tuple]:
        """Rows of the resources stream, in order of use."""
        junior, senior = self.capital
        rule = ("", "", MIN_CAPITAL, CAPITAL_BPS, "")
        period = (ASSESSED_BPS[1], ASSESSED_DAYS, "", "", "")
        rows = [
            ("DEFAULTER-MARGIN", "defaulter_margin", 0, "", "true", "margin of the defaulter"),
            ("DEFAULTER-FUND", "defaulter_fund", 0, "", "true", "contribution of the defaulter"),
            (
                "OWN-CAPITAL-1",
                "own_capital",
                junior,
                "",
                "true",
                "own capital before others",
                *rule,
            ),
            ("SURVIVORS-FUND", "survivors_fund", 0, "", "true", "contributions of the others"),
            (
                "OWN-CAPITAL-2",
                "own_capital",
                senior + OPERATING_COSTS,
                "",
                "true",
                "own capital after others",
                *rule,
            ),
            ("OPERATING-COSTS", "operating_costs", OPERATING_COSTS, "", "false", "half a year"),
            ("INSURANCE", "insurance", senior, "", "false", "default insurance policy"),
            (
                "ASSESSMENT",
                "assessment",
                0,
                ASSESSED_BPS[0],
                "false",
                "further calls on the others",
                *period,
            ),
            ("LIQUIDITY", "facility", self.credit_line, "", "false", "committed credit line"),
            ("GAINS-HAIRCUT", "gains_haircut", 0, "", "false", "haircut of variation gains"),
        ]
        return [(order, *row, *[""] * (11 - len(row))) for order, row in enumerate(rows, 1)]

    def _by_group(self, values: np.ndarray) -> np.ndarray:
        return np.bincount(self._group, values).astype(np.int64)


def _dollars_up(value: np.ndarray) -> np.ndarray:
    return (np.ceil(np.asarray(value) / DOLLAR) * DOLLAR).astype(np.int64)
