"""Calculator ``cover``: shortfalls of member groups, Cover-1 and Cover-2 against resources.

Exact decimals; money has no unit. Uses the functions of the model. Answer and method:
docs/calculators.md.
"""

from decimal import Decimal

import numpy as np

from reporting.calculators.errors import CalculatorError
from reporting.calculators.numbers import (
    NUMBER_SCHEMA,
    common_decimals,
    exact,
    scaled,
    unscaled,
)
from reporting.model.errors import ModelError
from reporting.model.stress.cover import (
    CoverTest,
    FinancialResources,
    cover_test,
    exhausting_groups,
)
from reporting.model.stress.shortfalls import GroupLosses, group_shortfalls

NAME = "cover"
VERSION = "1.0"
USUAL_DECIMALS = 12
HOUSE, CUSTOMER = "house", "customer"

_ID = {"type": "string", "minLength": 1, "maxLength": 200}
_ACCOUNT = {
    "type": "object",
    "required": ["id", "origin", "margin"],
    "additionalProperties": False,
    "properties": {
        "id": _ID,
        "origin": {"enum": [HOUSE, CUSTOMER]},
        "margin": {**NUMBER_SCHEMA, "description": "required, not posted"},
    },
}
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "cover: shortfalls of member groups against financial resources",
    "type": "object",
    "required": ["resources", "members", "scenarios"],
    "additionalProperties": False,
    "properties": {
        "resources": {
            "type": "object",
            "required": ["common"],
            "additionalProperties": False,
            "properties": {
                "common": {**NUMBER_SCHEMA, "description": "prefunded whoever defaults"},
            },
        },
        "members": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "group", "contribution", "accounts"],
                "additionalProperties": False,
                "properties": {
                    "id": _ID,
                    "group": {**_ID, "description": "members of one group default together"},
                    "contribution": {**NUMBER_SCHEMA, "description": "to the default fund"},
                    "assessment": {**NUMBER_SCHEMA, "description": "can be called; 0 if absent"},
                    "accounts": {"type": "array", "items": _ACCOUNT},
                },
            },
        },
        "scenarios": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "losses"],
                "additionalProperties": False,
                "properties": {
                    "id": _ID,
                    "losses": {
                        "type": "object",
                        "additionalProperties": NUMBER_SCHEMA,
                        "description": "by account, gains negative; 0 for an account not named",
                    },
                },
            },
        },
    },
}
EXAMPLE = {
    "resources": {"common": 100},
    "members": [
        {
            "id": "ALD",
            "group": "ALDER",
            "contribution": 40,
            "assessment": 40,
            "accounts": [
                {"id": "ALD-house", "origin": "house", "margin": 50},
                {"id": "ALD-1", "origin": "customer", "margin": 30},
                {"id": "ALD-2", "origin": "customer", "margin": 500},
            ],
        },
        {
            "id": "ALE",
            "group": "ALDER",
            "contribution": 10,
            "accounts": [{"id": "ALE-house", "origin": "house", "margin": 20}],
        },
        {
            "id": "BIR",
            "group": "BIRCH",
            "contribution": 30,
            "assessment": 60,
            "accounts": [{"id": "BIR-house", "origin": "house", "margin": "12.5"}],
        },
    ],
    "scenarios": [
        {
            "id": "S2-Weather",
            "losses": {
                "ALD-house": 200,
                "ALE-house": -20,
                "ALD-1": 90,
                "ALD-2": -400,
                "BIR-house": 60,
            },
        },
        {"id": "S1-RAIN-000", "losses": {"ALD-house": -25, "ALD-1": 130, "BIR-house": -5}},
    ],
}


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
    try:
        resources = FinancialResources(
            scaled(read.common, decimals), fund, whole(read.by_group(read.assessments))
        )
    except ModelError as error:
        raise CalculatorError(error.field, error.message) from None
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
        self.common = _amount(document["resources"]["common"], "resources.common")
        self.member_group = [index[member["group"]] for member in members]
        self.contributions, self.assessments = [], []
        self.accounts: dict[str, int] = {}
        self.margins: list[Decimal] = []
        group, house, names = [], [], set()
        for i, member in enumerate(members):
            where = f"members[{i}]"
            if member["id"] in names:
                raise CalculatorError(f"{where}.id", f"{member['id']!r} is named twice")
            names.add(member["id"])
            self.contributions.append(_amount(member["contribution"], f"{where}.contribution"))
            self.assessments.append(_amount(member.get("assessment", 0), f"{where}.assessment"))
            for j, account in enumerate(member["accounts"]):
                at = f"{where}.accounts[{j}]"
                if account["id"] in self.accounts:
                    raise CalculatorError(f"{at}.id", f"{account['id']!r} is named twice")
                self.accounts[account["id"]] = len(self.margins)
                self.margins.append(_amount(account["margin"], f"{at}.margin"))
                group.append(self.member_group[i])
                house.append(account["origin"] == HOUSE)
        self.account_group = np.array(group, dtype=np.int64)
        self.is_house = np.array(house, dtype=bool)
        seen: set[str] = set()
        for i, scenario in enumerate(document["scenarios"]):
            if scenario["id"] in seen:
                raise CalculatorError(f"scenarios[{i}].id", f"{scenario['id']!r} is named twice")
            seen.add(scenario["id"])

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


def _amount(value: object, field: str) -> Decimal:
    amount = exact(value, field)
    if amount < 0:
        raise CalculatorError(field, "must not be below 0")
    return amount


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
    }
