"""What bears each group's stressed loss, from the losses of accounts to the bars of the chart:
by margin, by the group's own contribution, and the shortfall are the loss."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from lake_fixture import DAY, Lake
from model.stress_books import all_records, random_books
from rendering import plain

from reporting.model.stress.library import scenario_library
from reporting.model.stress.losses import account_losses
from reporting.model.stress.results import group_losses_by_scenario
from reporting.packs.document.parts import Figure
from reporting.packs.document.tables import Table
from reporting.packs.stress import pack as stress_tests
from reporting.packs.stress.results import groups_section
from reporting.stages.stress.group_losses import group_rows

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("packs-sql")]

PRICES = tuple(each for each in all_records() if each.record_id in ("S1", "S2", "S8", "S9"))


def _group(lake: Lake, group: str, loss: int, margin: int, **more) -> None:
    """A group in one scenario; ``beyond``: what margin leaves open, ``fund``: its own."""
    beyond, fund = more["beyond"], more["fund"]
    lake.insert(
        "stress.group_losses",
        business_date=DAY,
        scenario_id="S2-Economics",
        affiliate_group=group,
        stressed_loss_centicents=loss,
        margin_required_centicents=margin,
        margin_lost_centicents=0,
        uncovered_centicents=beyond,
        own_fund_centicents=fund,
        shortfall_centicents=max(0, (more["short"] if beyond is None else beyond - fund)),
    )


def _bars(lake: Lake) -> dict[str, tuple[int, ...]]:
    """By margin, by own fund and shortfall of each group, as drawn."""
    items = groups_section(plain(lake.disclose(DAY))).items
    (figure,) = [item for item in items if isinstance(item, Figure)]
    values = [values for _, values in figure.data["series"]]
    return dict(zip(figure.data["labels"], zip(*values, strict=True), strict=True))


@pytest.fixture
def economics() -> Lake:
    """Day 1 of docs/tiny-day.md, and two groups more; dollars here, centicents below.

    ALDER: one customer loses 89 against 45 of its own, 166.2057 of the group: 44 beyond, 6 of the
    fund, 38 short. BIRCH: a customer loses 51 against 39, the house gains 6.3125: 12 - 6.3125 =
    5.6875 beyond, 3 of the fund, 2.6875 short; of the loss of 44.6875 margin bears 39. DOGWOOD: a
    customer loses 10 against 8, another gains 50 and helps nobody: 2 beyond, all of the fund of 5.
    ELM gains 7 on balance, with 1 beyond the margin of a customer that the gain covers.
    """
    lake = Lake()
    _group(lake, "ALDER", 890_000, 1_662_057, beyond=440_000, fund=60_000)
    _group(lake, "BIRCH", 446_875, 1_823_650, beyond=56_875, fund=30_000)
    _group(lake, "CEDAR", 220_000, 1_520_960, beyond=0, fund=50_000)
    _group(lake, "DOGWOOD", 100_000, 900_000, beyond=20_000, fund=50_000)
    _group(lake, "ELM", -70_000, 10_000, beyond=0, fund=50_000)
    return lake


def test_margin_fund_and_shortfall_are_the_loss(economics) -> None:
    assert _bars(economics) == {
        "ALDER": (450_000, 60_000, 380_000),
        "BIRCH": (390_000, 30_000, 26_875),
        "CEDAR": (220_000, 0, 0),
        "DOGWOOD": (80_000, 20_000, 0),
    }


def test_what_is_beyond_margin_stands_in_the_table(economics) -> None:
    items = groups_section(plain(economics.disclose(DAY))).items
    (worst,) = [item for item in items if isinstance(item, Table)]
    place = [column.head for column in worst.columns].index("Beyond margin")
    assert [row[place] for row in worst.rows] == [
        "44.0000", "5.6875", "0.0000", "2.0000", "0.0000"
    ]  # fmt: skip


def test_a_date_stressed_before_it_was_kept_still_adds_up() -> None:
    """Who falls short has used its fund up: 89 = 45 + 6 + 38. Of CEDAR no more is known."""
    lake = Lake()
    _group(lake, "ALDER", 890_000, 1_662_057, beyond=None, fund=60_000, short=380_000)
    _group(lake, "CEDAR", 220_000, 1_520_960, beyond=None, fund=50_000, short=0)
    assert _bars(lake) == {"ALDER": (450_000, 60_000, 380_000), "CEDAR": (220_000, 0, 0)}


def test_the_rule_is_said_as_it_is_applied(tables) -> None:
    """Not group by group: 89 less 166.2057 less 6 leaves nothing, and 38 are short."""
    words = stress_tests.view(tables).sections[0].items[1]
    assert "account by account" in words
    assert "is its stressed loss less its required margin" not in words


def test_a_void_at_the_last_price_is_said_to_move_no_money(tables) -> None:
    """S5 is in the plausible day; where it did not run nothing is said of it."""
    assert "void at the last price (S5) settles at the mark" in _framework(tables)
    other = [row for row in tables["scenario_families"] if row["family"] != "S5"]
    assert "void at the last price" not in _framework({**tables, "scenario_families": other})


def _framework(tables: dict) -> str:
    items = stress_tests.view(tables).sections[0].items
    return " ".join(item for item in items if isinstance(item, str))


@settings(max_examples=40, deadline=None)
@given(random_books())
def test_a_void_at_the_last_price_moves_no_money(book) -> None:
    voids = [each for each in all_records() if each.record_id == "S5"]
    scenarios = scenario_library(voids, book)
    assert len(scenarios) % 2 == 0 and {each.scenario_id[-4:] for each in scenarios} <= {
        "half", "last"
    }  # fmt: skip
    for scenario in scenarios:
        if scenario.scenario_id.endswith("-last"):
            assert not account_losses(scenario, book).loss.any()


@settings(max_examples=40, deadline=None)
@given(random_books())
def test_the_stage_keeps_what_is_beyond_margin(book) -> None:
    """Against a plain loop over accounts."""
    rng = np.random.default_rng(len(book.accounts.group))
    accounts = len(book.accounts.group)
    book = replace(book, collateral={"cash": rng.integers(0, 50_000, accounts)})
    scenarios = scenario_library(PRICES, book)
    results = group_losses_by_scenario(book, scenarios)
    rows = group_rows(scenarios, results, SimpleNamespace(names=book.groups)).to_pylist()
    found = {(row["scenario_id"], row["affiliate_group"]): row for row in rows}
    for scenario in scenarios:
        for number, name in enumerate(book.groups):
            beyond, lost = _plainly(book, account_losses(scenario, book), number)
            if (scenario.scenario_id, name) not in found:
                assert beyond == lost == 0
                continue
            row = found[scenario.scenario_id, name]
            assert row["uncovered_centicents"] == -(-beyond // 100)
            assert row["stressed_loss_centicents"] == -(-lost // 100)
            if lost > 0:
                assert 0 <= row["uncovered_centicents"] <= row["stressed_loss_centicents"]


def _plainly(book, found, group: int) -> tuple[int, int]:
    """What a group's margin leaves open, and its loss on balance, micros."""
    house_loss = house_margin = short = customers = 0
    for account, of_group in enumerate(book.accounts.group.tolist()):
        if of_group != group:
            continue
        loss = int(found.loss[account])
        margin = int(book.accounts.margin[account]) - int(found.margin_lost[account])
        if book.accounts.is_house[account]:
            house_loss, house_margin = house_loss + loss, house_margin + margin
        else:
            customers += max(0, loss)
            short += max(0, loss - margin)
    beyond = max(0, house_loss - house_margin) + max(0, short - max(0, -house_loss))
    return beyond, customers + house_loss
