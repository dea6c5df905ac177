"""Cover of a venue's day again, by ``reporting calc cover`` from the day's own rows.

From the group rows to the cover rows, and from accounts to the group rows. What the
calculator itself does is worked out in tests/calculators/test_cover.py.
"""

import csv
import io
import json
import shutil
from collections import defaultdict

import pytest
from support import venues

from reporting.calculators import api
from reporting.lake import open_lake
from reporting.model.stress.library import scenario_library
from reporting.model.stress.losses import account_losses
from reporting.rulebook.scenarios import scenarios_in_force
from reporting.stages.recompute.day_book import read_day_book
from reporting.stages.run import workbench
from reporting.stages.stress.stress_book import read_groups, read_stress_book

DAY = venues.DAY_2

pytestmark = pytest.mark.xdist_group("venue-0")


@pytest.fixture(scope="module")
def poor(ran_venue, tmp_path_factory):
    """The venue with next to nothing in its fund on the second date, so that groups fall short:
    a dollar or some of each member, five of own capital, two of an insurer."""
    settings = ran_venue(0)
    folder = tmp_path_factory.mktemp("poor")
    venues.copy_home(settings.home, folder / "home")
    shutil.copytree(settings.input, folder / "in")

    def send_again(stream, change):
        file = venues.file_of(folder / "in", DAY, stream)
        lines = list(csv.DictReader(io.StringIO(file.read_text())))
        text = io.StringIO()
        writer = csv.DictWriter(text, list(lines[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({**line, **change(n, line)} for n, line in enumerate(lines))
        number = venues.next_sequence(folder / "in", stream)
        again = file.with_name(f"again-{file.name}")
        again.write_text(text.getvalue())
        venues.promise(again, DAY, stream, "clearing", number)

    sizes = {"own_capital": "50000", "insurance": "20000"}
    send_again("guaranty_fund", lambda n, _: {"deposited_centicents": str(10_001 + 777 * n)})
    send_again(
        "resources",
        lambda _, line: {
            "amount_centicents": sizes.get(line["layer_type"], "0"),
            "cap_multiple_bps": "5000" if line["layer_type"] == "assessment" else "",
            "prefunded": "true" if line["layer_type"] == "insurance" else line["prefunded"],
        },
    )
    poor = venues.settings_of(folder / "home", folder / "in")
    venues.run_days(poor, [DAY], ["land", "validate", "stress"])
    return poor


@pytest.fixture(scope="module")
def rows(poor):
    """Rows of a query of the lake for the day, as records."""
    with open_lake(poor, read_only=True) as lake:

        def ask(sql: str) -> list[dict]:
            found = lake.connection.execute(sql, {"day": DAY})
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

        yield ask


@pytest.fixture(scope="module")
def common(rows):
    """Own capital and insurance that are paid in, centicents."""
    return sum(
        row["amount_centicents"]
        for row in rows("SELECT * FROM validate.resources WHERE business_date = $day")
        if row["prefunded"] and row["layer_type"] in ("own_capital", "insurance")
    )


@pytest.fixture(scope="module")
def members(rows):
    """Members with group, deposit and what they can be called for, centicents."""
    multiples = [
        row["cap_multiple_bps"]
        for row in rows("SELECT * FROM validate.resources WHERE business_date = $day")
        if row["layer_type"] == "assessment"
    ]
    assert multiples
    return {
        row["member_id"]: {
            "id": row["member_id"],
            "group": row["affiliate_group"],
            "contribution": row["deposited_centicents"],
            "assessment": sum(row["deposited_centicents"] * m // 10_000 for m in multiples),
            "accounts": [],
        }
        for row in rows(
            "SELECT members.member_id, affiliate_group, deposited_centicents"
            " FROM validate.members AS members JOIN validate.guaranty_fund AS fund"
            " ON fund.member_id = members.member_id"
            " AND fund.business_date = members.business_date WHERE members.business_date = $day"
        )
    }


def ask_calculator(common, members, scenarios):
    document = {"resources": {"common": common}, "members": members, "scenarios": scenarios}
    return {each["id"]: each for each in api.run("cover", json.dumps(document))["scenarios"]}


def test_the_group_rows_of_the_day_give_its_cover_rows(rows, common, members):
    """A group as one house account that loses its shortfall beyond its contribution."""
    groups = defaultdict(lambda: {"contribution": 0, "assessment": 0})
    for member in members.values():
        for name in ("contribution", "assessment"):
            groups[member["group"]][name] += member[name]
    losses = defaultdict(dict)
    for row in rows("SELECT * FROM stress.group_losses WHERE business_date = $day"):
        if row["shortfall_centicents"]:
            group = row["affiliate_group"]
            assert row["own_fund_centicents"] == groups[group]["contribution"]
            lost = row["shortfall_centicents"] + row["own_fund_centicents"]
            losses[row["scenario_id"]][group] = lost
    assert len(losses) > 1, "hardly anybody is short: nothing is tested"
    cover = rows("SELECT * FROM stress.cover WHERE business_date = $day")
    found = ask_calculator(
        common,
        [
            {
                "id": name,
                "group": name,
                **amounts,
                "accounts": [{"id": name, "origin": "house", "margin": 0}],
            }
            for name, amounts in groups.items()
        ],
        [{"id": row["scenario_id"], "losses": losses[row["scenario_id"]]} for row in cover],
    )
    for row in cover:
        one, two = (found[row["scenario_id"]][name] for name in ("cover_1", "cover_2"))
        assert row["cover_1_centicents"] == one["requirement"]
        assert row["cover_1_group"] == ", ".join(one["groups"])
        assert row["cover_1_prefunded_centicents"] == one["prefunded"]
        # The calculator has no smallest coin; the day books what counts rounded down.
        assert row["cover_1_assessments_centicents"] == int(one["assessments_counted"])
        assert row["cover_1_covered"] == one["covered"]
        assert row["cover_2_centicents"] == two["requirement"]
        assert row["cover_2_groups"] == ", ".join(two["groups"])
        assert row["prefunded_centicents"] == two["prefunded"]
        assert row["assessments_centicents"] == int(two["assessments_counted"])
        assert row["covered"] == two["covered"]
        assert row["exhausted_by"] == ", ".join(found[row["scenario_id"]]["exhausted_by"] or ())
    counted = [row["assessments_centicents"] for row in cover if row["assessments_centicents"]]
    assert counted and {row["covered"] for row in cover} == {True, False}


def test_the_accounts_of_the_day_give_its_group_rows(rows, common, members, poor, tmp_path):
    """Every book's loss in every scenario and its margin, micros; shortfalls are booked up."""
    venues.copy_home(poor.home, tmp_path / "home")
    with workbench(venues.settings_of(tmp_path / "home", poor.input)) as bench:
        day = bench.day(DAY)
        book = read_day_book(day)
        held = read_stress_book(day, book, read_groups(day, book))
    library = scenario_library(scenarios_in_force(DAY), held)
    # A fall of collateral takes margin away: such scenarios need a document of their own.
    changed = [one for one in library if one.collateral_falls_bps or one.calls_unmet]
    fallen = [*changed[:3], *(one for one in changed if one.calls_unmet)][:5]
    others = [one for one in library if not (one.collateral_falls_bps or one.calls_unmet)]
    assert {scenario.family for scenario in others} >= {"S1", "S2", "S4", "S7", "S10"}
    expected = {
        (row["scenario_id"], row["affiliate_group"]): row["shortfall_centicents"]
        for row in rows("SELECT * FROM stress.group_losses WHERE business_date = $day")
    }
    assert sum(1 for amount in expected.values() if amount) > 1
    for scenarios in (others, *([one] for one in fallen)):
        losses = [account_losses(scenario, held) for scenario in scenarios]
        margin = held.accounts.margin - losses[0].margin_lost
        listed = {
            name: {**member, "accounts": [], "contribution": 100 * member["contribution"]}
            for name, member in members.items()
        }
        for number, house in enumerate(held.accounts.is_house.tolist()):
            listed[book.member_ids[number // 2]]["accounts"].append(
                {
                    "id": str(number),
                    "origin": "house" if house else "customer",
                    "margin": int(margin[number]),
                }
            )
        documents = [
            {
                "id": scenario.scenario_id,
                "losses": {str(n): x for n, x in enumerate(of.loss.tolist()) if x},
            }
            for scenario, of in zip(scenarios, losses, strict=True)
        ]
        found = ask_calculator(100 * common, list(listed.values()), documents)
        for scenario in scenarios:
            for group in found[scenario.scenario_id]["groups"]:
                booked = -(-int(group["shortfall"]) // 100)
                key = scenario.scenario_id, group["group"]
                # Groups that hold nothing and lose nothing have no row.
                assert expected.get(key, 0) == booked
