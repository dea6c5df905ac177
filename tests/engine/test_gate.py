"""ERROR stops exactly what depends on the table, WARN stops nothing, a broken check is not a
failed one.

The rules here are added to a copy of the rulebook; the tables that must be stopped are
listed by hand from what reads them (sql/, and the model tables of the design).
"""

import pytest
from support import venues
from support.venues import DAY_2, contents, run_days

from reporting.engine.tables import all_tables
from reporting.rulebook import Status, rules

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("venue-0")]

STAGES_AFTER_LANDING = ("validate", "recompute", "stress", "disclose")

# By hand: what reads validate.resources (the default waterfall) ...
NEED_RESOURCES = {
    "stress.cover",
    "stress.family_cover",
    "stress.fund_sizing",
    "stress.headroom",
    "stress.layers",
    "stress.search",
    "stress.search_clusters",
    "stress.search_multipliers",
    "stress.reverse",
    "stress.reverse_resolutions",
    "stress.liquidity",
    "stress.liquidity_hours",
    "stress.liquidity_facilities",
    "stress.drill",
    "stress.drill_layers",
    "stress.drill_allocations",
    "stress.drill_positions",
    "disclose.cover_by_scenario",
    "disclose.cover_history",
    "disclose.drill_allocations",
    "disclose.drill_history",
    "disclose.drill_layers",
    "disclose.drill_positions",
    "disclose.drill_summary",
    "disclose.family_history",
    "disclose.fund_sizing",
    "disclose.headroom",
    "disclose.search",
    "disclose.search_multipliers",
    "disclose.key_figures",
    "disclose.liquidity_by_hour",
    "disclose.liquidity_facilities",
    "disclose.liquidity_history",
    "disclose.resources_in_order",
    "disclose.reverse_stress",
}
# ... validate.margin_calls ...
NEED_CALLS = {
    "recompute.calls",
    "recompute.call_ages",
    "recompute.call_breaks",
    "recompute.metrics",
    "recompute.withdrawals",
    "disclose.calls",
    "disclose.daily_figures",
    "disclose.key_figures",
    "disclose.metrics",
}
# ... and validate.obligations.
NEED_OBLIGATIONS = {
    "recompute.cash_balances",
    "recompute.metrics",
    "recompute.obligation_breaks",
    "disclose.daily_figures",
    "disclose.metrics",
    "stress.liquidity",
    "stress.liquidity_hours",
    "stress.liquidity_facilities",
    "disclose.liquidity_by_hour",
    "disclose.liquidity_facilities",
    "disclose.liquidity_history",
    "disclose.obligation_break_details",
}

ONE_ROW = """SELECT '{subject}' AS subject, 'made up' AS detail, '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line"""
# It can be bound and planned; only a row of the table makes it break. Counting its rows does
# not compute the column, so that this one breaks late; the next one breaks when counted.
CAST_FAILS = """SELECT account_id AS subject, 'x' AS detail, file_sha256,
    CAST(account_id AS BIGINT) AS line
FROM validate.obligations WHERE business_date = $business_date"""
FILTER_FAILS = """SELECT account_id AS subject, 'x' AS detail, file_sha256, line
FROM validate.obligations WHERE business_date = $business_date
    AND CAST(account_id AS BIGINT) > 0"""
# It cannot even be bound.
NO_SUCH_COLUMN = """SELECT no_such_column AS subject, 'x' AS detail, '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM validate.margin_calls WHERE business_date = $business_date"""


def _statuses(result) -> dict[str, Status]:
    return {check.rule.id: check.status for check in result.checks}


def test_errors_stop_their_dependents_and_broken_checks_are_told_apart(
    own_home, finished_contents, add_rules
):
    """On a date that was whole before: an ERROR on the waterfall and two checks that break
    empty exactly the tables that read those inputs; a WARN on the accounts, which nearly
    everything reads, empties nothing. All other tables keep their rows.

    Fails when a gate stops too much or too little, when old rows of a stopped table stay,
    when a broken check is reported as failed (or passed), or takes its stage with it.
    """
    add_rules(
        (
            "VALIDATE-TEST-ERROR",
            "ERROR",
            "validate.resources",
            ONE_ROW.format(subject="the waterfall"),
        ),
        ("VALIDATE-TEST-WARN", "WARN", "validate.accounts", ONE_ROW.format(subject="an account")),
        ("VALIDATE-TEST-CAST", "WARN", "validate.obligations", CAST_FAILS),
        ("VALIDATE-TEST-FILTER", "WARN", "validate.obligations", FILTER_FAILS),
        ("VALIDATE-TEST-COLUMN", "WARN", "validate.margin_calls", NO_SUCH_COLUMN),
    )
    results = run_days(own_home, [DAY_2], STAGES_AFTER_LANDING)

    found = _statuses(results["validate"])
    assert found["VALIDATE-TEST-ERROR"] is Status.FAILED
    assert found["VALIDATE-TEST-WARN"] is Status.FAILED
    assert found["VALIDATE-TEST-CAST"] is Status.BROKEN
    assert found["VALIDATE-TEST-FILTER"] is Status.BROKEN
    assert found["VALIDATE-TEST-COLUMN"] is Status.BROKEN
    ours = {name for name in found if "-TEST-" in name}
    others = {status for name, status in found.items() if name not in ours}
    assert others <= {Status.PASSED, Status.FAILED}, "a broken check took others with it"

    messages = {c.rule.id: c.message for c in results["validate"].checks if c.message}
    assert messages.keys() == ours - {"VALIDATE-TEST-ERROR", "VALIDATE-TEST-WARN"}
    assert "Conversion Error" in messages["VALIDATE-TEST-CAST"]
    assert "Conversion Error" in messages["VALIDATE-TEST-FILTER"]
    assert "no_such_column" in messages["VALIDATE-TEST-COLUMN"]

    # A pack needs all figures of the day.
    stopped = NEED_RESOURCES | NEED_CALLS | NEED_OBLIGATIONS | {"disclose.pack_files"}
    blocked: dict[str, str] = {}
    for result in results.values():
        blocked |= result.blocked
    assert set(blocked) == stopped
    assert blocked["stress.cover"] == "VALIDATE-TEST-ERROR: the waterfall"
    assert blocked["recompute.calls"].startswith("VALIDATE-TEST-COLUMN")
    assert blocked["recompute.obligation_breaks"].startswith("VALIDATE-TEST-CAST")

    now = contents(own_home, [DAY_2])
    assert [name for name in sorted(stopped) if now[name]] == []
    expected = {
        name: [row for row in rows if row[0] == DAY_2] for name, rows in finished_contents.items()
    }
    # Figures about findings and about what was stopped change; no other table may.
    about_findings = {"disclose.finding_details", "disclose.findings_by_rule"}
    kept = {
        name
        for name in all_tables()
        if name not in stopped | about_findings and not name.endswith(".findings")
    }
    assert [name for name in sorted(kept) if now[name] != expected[name]] == []

    told = {row[2]: row for row in now["validate.findings"] if "-TEST-" in row[2]}
    # finding_id, rule_id, severity, stage, subject, detail, file, line, state, owner
    assert told["VALIDATE-TEST-ERROR"][3] == "ERROR"
    assert told["VALIDATE-TEST-WARN"][3] == "WARN"
    for name, table in (
        ("VALIDATE-TEST-CAST", "validate.obligations"),
        ("VALIDATE-TEST-FILTER", "validate.obligations"),
        ("VALIDATE-TEST-COLUMN", "validate.margin_calls"),
    ):
        assert told[name][3] == "ERROR", "a check that breaks proves nothing, so it stops"
        assert told[name][5] == table
        assert told[name][9] == "BROKEN"
        assert told[name][6].startswith("the check broke: ")


def test_when_the_error_is_gone_everything_comes_back(own_home, finished_contents, add_rules):
    """A gate leaves nothing behind: with the finding gone, a re-run gives all rows again."""
    add_rules(
        ("VALIDATE-TEST-ERROR", "ERROR", "validate.accounts", ONE_ROW.format(subject="all of it"))
    )
    results = run_days(own_home, [DAY_2], STAGES_AFTER_LANDING[:2])
    assert "recompute.account_margin" in results["recompute"].blocked
    assert "recompute.marks" not in results["recompute"].blocked
    (rules.RULE_SQL / "VALIDATE-TEST-ERROR.sql").write_text(
        ONE_ROW.format(subject="nothing") + " WHERE FALSE"
    )
    rules.load_rulebook.cache_clear()
    run_days(own_home, [DAY_2], STAGES_AFTER_LANDING)
    now = contents(own_home, [DAY_2])
    expected = {
        name: [row for row in rows if row[0] == DAY_2] for name, rows in finished_contents.items()
    }
    assert venues.differing(expected, now) == []


def test_a_rule_speaks_only_while_it_is_in_force(add_rules):
    """A rule before its first and after its last date is not among the rules of the stage."""
    add_rules(("VALIDATE-TEST-ERROR", "ERROR", "validate.accounts", ONE_ROW.format(subject="x")))
    path = rules.RULEBOOK / "validate.yaml"
    head, mark, tail = path.read_text().rpartition("- id: VALIDATE-TEST-ERROR")
    tail = tail.replace(
        "effective_from: 2020-01-01",
        "effective_from: 2026-05-05\n  effective_to: 2026-05-06",
    )
    path.write_text(head + mark + tail)
    rules.load_rulebook.cache_clear()
    in_force = [
        any(
            rule.id == "VALIDATE-TEST-ERROR"
            for rule in rules.rules_of("validate", DAY_2.replace(day=day))
        )
        for day in (4, 5, 6, 7)
    ]
    assert in_force == [False, True, True, False]
