"""Calculator cover: the worked example by hand, a plain second implementation, refusals."""

import json
from copy import deepcopy
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.calculators import api

EXAMPLE = json.loads(api.example("cover"))


def ask(document):
    return api.run("cover", json.dumps(document))["scenarios"]


def test_worked_example_by_hand():
    sweep, rain = ask(EXAMPLE)
    # ALDER's houses: 200 - 20 against 50 + 20: 110. Customer 90 - 30; the other's gain does
    # not help. 170 less 40 + 10. BIRCH: 60 - 12.5 - 30.
    assert [g["shortfall"] for g in sweep["groups"]] == [120, Decimal("17.5")]
    assert [g["stressed_loss"] for g in sweep["groups"]] == [270, 60]
    # Without ALDER 100 + 30 are paid in; 70 % of 60 is 42, a fifth of 120 is 24.
    one, two = sweep["cover_1"], sweep["cover_2"]
    assert (one["prefunded"], one["assessments_counted"], one["excess"]) == (130, 24, 10)
    assert one["excess_with_assessments"] == 34
    assert (two["requirement"], two["prefunded"], two["excess"]) == (
        Decimal("137.5"),
        100,
        Decimal("-37.5"),
    )
    assert (one["covered"], two["covered"]) == (True, False)
    assert sweep["exhausted_by"] == ["ALDER", "BIRCH"]
    # The house's gain of 25 covers the customer: 130 - 30 - 25 - 50.
    assert rain["groups"][0]["shortfall"] == 25
    assert rain["cover_2"]["groups"] == ["ALDER"]
    assert rain["exhausted_by"] is None


money = st.decimals(0, 100, places=3).map(str)
signed = st.decimals(-100, 100, places=3).map(str)


@st.composite
def documents(draw):
    members = []
    for m in range(draw(st.integers(1, 4))):
        accounts = [
            {
                "id": f"{m}-{a}",
                "origin": draw(st.sampled_from(("house", "customer"))),
                "margin": draw(money),
            }
            for a in range(draw(st.integers(0, 3)))
        ]
        group = draw(st.sampled_from("AB"))
        member = {"id": str(m), "group": group, "contribution": draw(money), "accounts": accounts}
        if draw(st.booleans()):
            member["assessment"] = draw(money)
        members.append(member)
    names = [account["id"] for member in members for account in member["accounts"]]
    losses = {name: draw(signed) for name in names if draw(st.booleans())}
    return {
        "resources": {"common": draw(money)},
        "members": members,
        "scenarios": [{"id": "s", "losses": losses}],
    }


def plain(document):
    """Shortfalls by group, and Cover-1's excess with assessments, in fractions."""
    losses = {k: Fraction(v) for k, v in document["scenarios"][0]["losses"].items()}
    funds, calls, short = {}, {}, {}
    for group in sorted({member["group"] for member in document["members"]}):
        mine = [member for member in document["members"] if member["group"] == group]
        funds[group] = sum(Fraction(member["contribution"]) for member in mine)
        calls[group] = sum(Fraction(member.get("assessment", 0)) for member in mine)
        accounts = [account for member in mine for account in member["accounts"]]
        house = customers = Fraction(0)
        margin = Fraction(0)
        for account in accounts:
            loss = losses.get(account["id"], Fraction(0))
            if account["origin"] == "house":
                house, margin = house + loss, margin + Fraction(account["margin"])
            else:
                customers += max(Fraction(0), loss - Fraction(account["margin"]))
        gain = max(Fraction(0), -house)
        open_ = max(Fraction(0), house - margin) + max(Fraction(0), customers - gain)
        short[group] = max(Fraction(0), open_ - funds[group])
    largest = max(short.values())
    failing = [group for group in short if short[group] == largest and largest > 0][:1]
    others = [group for group in short if group not in failing]
    calls_counted = min(
        sum(calls[group] for group in others) * Fraction(7, 10), largest * Fraction(1, 5)
    )
    prefunded = Fraction(document["resources"]["common"]) + sum(funds[g] for g in others)
    return short, prefunded + calls_counted - largest


@given(documents())
def test_answers_are_those_of_the_plain_rules(document):
    (found,) = ask(document)
    short, excess = plain(document)
    assert {g["group"]: Fraction(g["shortfall"]) for g in found["groups"]} == short
    # Thousandths by tenths and fifths: nothing is finer than the twelve decimals.
    assert Fraction(found["cover_1"]["excess_with_assessments"]) == excess
    counted = Fraction(found["cover_1"]["assessments_counted"])
    assert Fraction(found["cover_1"]["excess"]) == excess - counted


def test_numbers_beyond_any_float_stay_exact():
    document = deepcopy(EXAMPLE)
    document["scenarios"][1]["losses"]["ALD-1"] = "123456789012345678901234567.000000000000001"
    found = ask(document)[1]["groups"][0]["shortfall"]
    assert found == Decimal("123456789012345678901234462.000000000000001")


def change(path, value):
    document = deepcopy(EXAMPLE)
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return document


@pytest.mark.parametrize(
    ("document", "field"),
    [
        (change(["resources", "common"], -1), "resources.common"),
        (change(["resources", "more"], 1), "resources.more"),
        (change(["members", 0, "contribution"], "-0.1"), "members[0].contribution"),
        (change(["members", 0, "assessment"], -1), "members[0].assessment"),
        (change(["members", 1, "id"], "ALD"), "members[1].id"),
        (change(["members", 0, "accounts", 1, "margin"], -3), "members[0].accounts[1].margin"),
        (change(["members", 0, "accounts", 1, "id"], "ALD-house"), "members[0].accounts[1].id"),
        (change(["members", 0, "accounts", 1, "origin"], "x"), "members[0].accounts[1].origin"),
        (change(["scenarios", 0, "losses", "ZED"], 1), "scenarios[0].losses.ZED"),
        (change(["scenarios", 1, "id"], "S2-Weather"), "scenarios[1].id"),
        (change(["scenarios", 0, "losses", "ALD-1"], "1.2.3"), "scenarios[0].losses.ALD-1"),
    ],
)
def test_what_cannot_be_is_refused_by_field(document, field):
    with pytest.raises(api.CalculatorError) as caught:
        ask(document)
    assert caught.value.field == field
