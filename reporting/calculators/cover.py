"""Calculator ``cover``: shortfalls of member groups, Cover-1 and Cover-2 against resources.

Exact decimals; money has no unit. Uses the functions of the model. Answer and method:
docs/calculators.md.
"""

from decimal import Decimal

import numpy as np

from reporting.calculators.errors import CalculatorError, model_errors_named, refuse_repeated_ids
from reporting.calculators.numbers import (
    common_decimals,
    exact,
    not_negative,
    scaled,
    unscaled,
)
from reporting.calculators.schemas import (
    ID,
    NUMBER,
    array,
    described,
    input_schema,
    mapping,
    number,
    record,
)
from reporting.model.stress.cover import (
    CoverTest,
    FinancialResources,
    cover_test,
    exhausting_groups,
)
from reporting.model.stress.shortfalls import GroupLosses, group_shortfalls

VERSION = "2.0"
USUAL_DECIMALS = 12
HOUSE, CUSTOMER = "house", "customer"

_ACCOUNT = record(
    {"id": ID, "origin": {"enum": [HOUSE, CUSTOMER]}, "margin": number("required, not posted")}
)
_MEMBER = record(
    {
        "id": ID,
        "group": described(ID, "members of one group default together"),
        "contribution": number("to the default fund"),
        "assessment": number("can be called; 0 if absent"),
        "accounts": array(_ACCOUNT),
    },
    optional="assessment",
)
_LOSSES = described(mapping(NUMBER), "by account, gains negative; 0 for an account not named")
SCHEMA = input_schema(
    "cover: shortfalls of member groups against financial resources",
    {
        "resources": record({"common": number("prefunded whoever defaults")}),
        "members": array(_MEMBER),
        "scenarios": array(record({"id": ID, "losses": _LOSSES})),
    },
)


def calculate(document: dict) -> dict:
    """The answer without its heading. Raises CalculatorError naming the field."""
    read = _Read(document)
    losses = [read.losses(scenario, i) for i, scenario in enumerate(document["scenarios"])]
    all_amounts = [*read.amounts(), *(loss for by_account in losses for loss in by_account)]
    decimals = max(USUAL_DECIMALS, common_decimals(all_amounts))

    def whole(amounts: list[Decimal]) -> np.ndarray:
        # Python integers: amounts with many decimals do not fit int64.
        return np.array([scaled(amount, decimals) for amount in amounts], dtype=object)

    fund = whole(read.by_group(read.contributions))
    with model_errors_named():
        resources = FinancialResources(
            scaled(read.common, decimals), fund, whole(read.by_group(read.assessments))
        )
    answers = []
    for scenario, loss in zip(document["scenarios"], losses, strict=True):
        by_group = group_shortfalls(
            whole(loss), whole(read.margins), read.account_group, read.is_house, fund
        )
        answers.append(
            {"id": scenario["id"], **_answer(by_group, resources, read.groups, decimals)}
        )
    return {"scenarios": answers}


class _Read:
    """The document as columns of decimals, with its names checked."""

    def __init__(self, document: dict) -> None:
        members = document["members"]
        self.groups = sorted({member["group"] for member in members})
        index = {name: number for number, name in enumerate(self.groups)}
        self.common = not_negative(document["resources"]["common"], "resources.common")
        self.member_group = [index[member["group"]] for member in members]
        self.contributions, self.assessments = [], []
        self.accounts: dict[str, int] = {}
        self.margins: list[Decimal] = []
        group, house = [], []
        refuse_repeated_ids((member["id"] for member in members), "members")
        for i, member in enumerate(members):
            where = f"members[{i}]"
            self.contributions.append(not_negative(member["contribution"], f"{where}.contribution"))
            self.assessments.append(
                not_negative(member.get("assessment", 0), f"{where}.assessment")
            )
            for j, account in enumerate(member["accounts"]):
                at = f"{where}.accounts[{j}]"
                if account["id"] in self.accounts:
                    raise CalculatorError(f"{at}.id", f"{account['id']!r} is named twice")
                self.accounts[account["id"]] = len(self.margins)
                self.margins.append(not_negative(account["margin"], f"{at}.margin"))
                group.append(self.member_group[i])
                house.append(account["origin"] == HOUSE)
        self.account_group = np.array(group, dtype=np.int64)
        self.is_house = np.array(house, dtype=bool)
        refuse_repeated_ids((scenario["id"] for scenario in document["scenarios"]), "scenarios")

    def amounts(self) -> list[Decimal]:
        return [self.common, *self.contributions, *self.assessments, *self.margins]

    def by_group(self, amounts: list[Decimal]) -> list[Decimal]:
        """Amounts of members summed by group."""
        total = [Decimal(0)] * len(self.groups)
        for group, amount in zip(self.member_group, amounts, strict=True):
            total[group] = _sum(total[group], amount)
        return total

    def losses(self, scenario: dict, number: int) -> list[Decimal]:
        """Loss of each account, in order."""
        by_account = [Decimal(0)] * len(self.accounts)
        for account, loss in scenario["losses"].items():
            where = f"scenarios[{number}].losses.{account}"
            if account not in self.accounts:
                raise CalculatorError(where, "is not an account of any member")
            by_account[self.accounts[account]] = exact(loss, where)
        return by_account


def _sum(a: Decimal, b: Decimal) -> Decimal:
    """The exact sum; Decimal addition would round to the context precision."""
    decimals = common_decimals([a, b])
    return unscaled(scaled(a, decimals) + scaled(b, decimals), decimals)


def _answer(
    losses: GroupLosses, resources: FinancialResources, groups: list[str], decimals: int
) -> dict:
    exhausting = exhausting_groups(losses.shortfall, resources)
    return {
        "groups": [
            {
                "group": name,
                "stressed_loss": unscaled(losses.stressed_loss[g], decimals),
                "margin_required": unscaled(losses.margin_required[g], decimals),
                "contribution": unscaled(losses.own_fund[g], decimals),
                "shortfall": unscaled(losses.shortfall[g], decimals),
            }
            for g, name in enumerate(groups)
        ],
        "cover_1": _test(cover_test(losses.shortfall, resources, 1), groups, decimals),
        "cover_2": _test(cover_test(losses.shortfall, resources, 2), groups, decimals),
        "exhausted_by": None if exhausting is None else [groups[g] for g in exhausting],
    }


def _test(test: CoverTest, groups: list[str], decimals: int) -> dict:
    return {
        "requirement": unscaled(test.requirement, decimals),
        "groups": [groups[g] for g in test.groups],
        "prefunded": unscaled(test.prefunded, decimals),
        "assessments_counted": unscaled(test.assessments, decimals),
        "excess": unscaled(test.excess, decimals),
        "covered": test.covered,
        "excess_with_assessments": unscaled(test.excess_with_assessments, decimals),
        "covered_with_assessments": test.covered_with_assessments,
    }
