"""Our two implementations of the margin model disagree on an account."""

from rules.days import BEFORE, DAY, NO_LINE, put

AMOUNTS = (
    "worst_case_micros",
    "expected_shortfall_centicents",
    "jump_to_resolution_centicents",
    "core_centicents",
    "add_ons_centicents",
    "initial_margin_centicents",
)


def _compare(tables, account, day=DAY, off=None, **ours):
    """A row in which the replica has what we have, but for ``off``."""
    ours = dict.fromkeys(AMOUNTS, 0) | ours
    theirs = {f"replica_{name}": ours[name] + (off or {}).get(name, 0) for name in AMOUNTS}
    put(tables, "recompute.replica_checks", day, account_id=account, **ours, **theirs)


def _found(tables):
    return [subject for subject, *rest in tables.found("RECOMPUTE-REPLICA", DAY)]


def test_small_amounts_may_differ_by_a_centicent_and_the_worst_case_not_at_all(tables):
    _compare(tables, "EQUAL")
    _compare(tables, "OLD", BEFORE, off={"core_centicents": 9})
    for name in AMOUNTS[1:5]:
        _compare(tables, f"1 {name}", off={name: 1})
        _compare(tables, f"2 {name}", off={name: 2})
        _compare(tables, f"-2 {name}", off={name: -2})
    _compare(tables, "-1 worst", off={"worst_case_micros": -1})
    # One centicent of tolerance for the core margin and one for the add-ons.
    _compare(tables, "2 initial", off={"initial_margin_centicents": 2})
    _compare(tables, "3 initial", off={"initial_margin_centicents": 3})
    beyond = [f"{sign}2 {name}" for sign in ("", "-") for name in AMOUNTS[1:5]]
    assert _found(tables) == sorted([*beyond, "-1 worst", "3 initial"])
    assert tables.found("RECOMPUTE-REPLICA", DAY)[0][1:] == NO_LINE


def test_a_billionth_of_the_worst_case_is_a_centicent_more(tables):
    # 100,000,000,000 micros are a billion centicents.
    for micros, account in ((99_999_999_999, "SMALL"), (100_000_000_000, "LARGE")):
        for name in AMOUNTS[1:5]:
            _compare(tables, f"{account} {name}", worst_case_micros=micros, off={name: 2})
        initial = {"initial_margin_centicents": 3}
        _compare(tables, f"{account} initial", worst_case_micros=micros, off=initial)
    # The jump requirement stays exact to a centicent. Add-ons have their own tolerance.
    exact = ["LARGE add_ons_centicents", "LARGE jump_to_resolution_centicents"]
    small = [f"SMALL {name}" for name in AMOUNTS[1:5]]
    assert _found(tables) == sorted([*exact, *small, "SMALL initial"])


def test_a_billionth_of_the_add_ons_is_a_centicent_more(tables):
    for centicents, account in ((999_999_999, "SMALL"), (1_000_000_000, "LARGE")):
        for name, off in (("core", 2), ("add_ons", 2), ("initial_margin", 3)):
            amounts = {"add_ons_centicents": centicents}
            _compare(tables, f"{account} {name}", off={f"{name}_centicents": off}, **amounts)
    assert _found(tables) == ["LARGE core", "SMALL add_ons", "SMALL core", "SMALL initial_margin"]
