"""What is wrong in the input of the stage stress is a finding or one line, never a stack trace.

Each fault through a run of the small venue's day: a library that cannot be, names that nothing
is called, resources and contributions that cannot be.
"""

import csv
import io
import shutil

import pytest
import yaml
from support import venues
from support.venues import DAY_1, DAY_2, run_days, settings_of

from reporting.lake import open_lake
from reporting.rulebook import drill_rules, scenarios

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("venue-0")]

LIBRARY = yaml.safe_load(scenarios.SCENARIOS.read_text())


@pytest.fixture
def library(tmp_path, monkeypatch):
    """Function that puts another scenario library into force: records, or a text."""

    def put(content) -> None:
        path = tmp_path / "scenarios.yaml"
        text = content if isinstance(content, str) else yaml.safe_dump(content)
        path.write_text(text)
        monkeypatch.setattr(scenarios, "SCENARIOS", path)
        scenarios._load.cache_clear()

    yield put
    scenarios._load.cache_clear()


def changed(name: str, **parameters) -> list[dict]:
    """The product's library with other parameters of one record."""
    return [
        {**x, "parameters": {**x["parameters"], **parameters}} if x["id"] == name else x
        for x in LIBRARY
    ]


def found(settings, *rules: str) -> list[tuple]:
    with open_lake(settings, read_only=True) as lake:
        return sorted(
            (row["rule_id"], row["subject"], row["detail"], row["file_sha256"], row["line"])
            for row in venues.findings(lake)
            if row["rule_id"] in rules and row["business_date"] in (DAY_1, DAY_2)
        )


def count(settings, table: str, day) -> int:
    with open_lake(settings, read_only=True) as lake:
        query = f"SELECT count(*) FROM lake.{table} WHERE business_date = ?"
        return lake.connection.execute(query, [day]).fetchone()[0]


def test_names_that_nothing_is_called_are_findings_and_stop_nothing(own_home, library):
    """A misspelt asset type would quietly stress nothing, a misspelt facility keep no notice."""
    falls = LIBRARY[[x["id"] for x in LIBRARY].index("S8")]["parameters"]["falls_bps"]
    records = changed("S8", falls_bps={**falls, "crpyto": 5_000})
    others = {x["id"]: x for x in changed(
        "LIQUIDITY", liquid_assets=["cash", "gold"], notice_hours={"CREDIT": 4, "LIQUIDITY": 4},
    )}  # fmt: skip
    library([others["LIQUIDITY"] if x["id"] == "LIQUIDITY" else x for x in records])
    results = run_days(own_home, [DAY_2], ["stress"])
    assert not results["stress"].blocked
    rule = "STRESS-SCENARIO-UNKNOWN"
    where = "data_checks/scenarios.yaml"
    assert [row[:3] for row in found(own_home, rule)] == [
        (rule, "LIQUIDITY", f"{where}: liquid_assets: gold"),
        (rule, "LIQUIDITY", f"{where}: notice_hours: CREDIT"),
        (rule, "S8", f"{where}: falls_bps: crpyto"),
    ]
    # The facility that does exist pays four hours after, as its own notice says.
    with open_lake(own_home, read_only=True) as lake:
        (notices,) = lake.connection.execute(
            "SELECT list(DISTINCT notice_hours ORDER BY notice_hours)"
            " FROM stress.liquidity_facilities WHERE business_date = ?",
            [DAY_2],
        ).fetchone()
    assert notices == [0, 4]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (changed("S9", of=["S2", "S99"]), "of: scenario S9: S99 cannot be combined"),
        (changed("S5", events=5, market="KX-1"), "market: scenario S5: is not a parameter of void"),
        (changed("S3", quantile_bps=99_999), "quantile_bps: scenario S3: must lie between"),
        ([*LIBRARY, LIBRARY[0]], "id: scenario S1: twice from"),
        ({"S1": LIBRARY[0]}, "file: must be a list of records"),
        ("- id: [S1\n", "file: is not YAML:"),
    ],
)
def test_a_library_that_cannot_be_is_one_finding_a_table(own_home, library, content, words):
    """Everything else of the date is made; backtests and moves need no library."""
    library(content)
    results = run_days(own_home, [DAY_2], ["stress"])
    rule = "STRESS-NOT-MADE"
    rows = found(own_home, rule)
    assert {subject for _, subject, *_ in rows} >= {"stress.scenarios", "stress.group_losses"}
    for _, _, detail, *_ in rows:
        assert detail.startswith(f"data_checks/scenarios.yaml: {words}"), detail
        assert "\n" not in detail
    assert {"stress.cover", "stress.drill", "stress.liquidity"} <= results["stress"].blocked.keys()
    assert count(own_home, "stress.scenarios", DAY_2) == 0
    assert count(own_home, "stress.category_moves", DAY_2) > 0


def test_without_scenarios_there_is_nothing_to_bear(own_home, library):
    """A library without any record in force: no rows, no finding, no crash."""
    library([])
    results = run_days(own_home, [DAY_2], ["stress"])
    assert not results["stress"].blocked
    for table in ("scenarios", "group_losses", "cover", "reverse", "liquidity", "drill"):
        assert count(own_home, f"stress.{table}", DAY_2) == 0


@pytest.fixture
def sent(finished, empty_home, tmp_path):
    """(stream -> change of its rows) -> settings of an empty home and the first day with them."""

    def make(**changes) -> venues.Settings:
        drop = tmp_path / "in"
        shutil.copytree(finished.input, drop)
        for stream, change in changes.items():
            file = venues.file_of(drop, DAY_1, stream)
            rows = list(csv.DictReader(io.StringIO(file.read_text())))
            text = io.StringIO()
            writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(change(rows))
            file.write_text(text.getvalue())
            venues.promise(file, DAY_1, stream, "clearing", 1)
        return settings_of(venues.copy_home(empty_home, tmp_path / "home"), drop)

    return make


def test_resources_that_cannot_be_stop_what_they_bear_and_not_the_losses(sent):
    """Own capital below zero: the finding names file and line. A contribution of a member that
    nobody knows counts nowhere. The first date has no history: nothing misses it."""

    def negative(rows):
        return [
            {**row, "amount_centicents": "-5"} if row["layer_id"] == "OWN-CAPITAL-1" else row
            for row in rows
        ]

    def stranger(rows):
        return [*rows, {**rows[0], "member_id": "NOBODY"}]

    settings = sent(resources=negative, guaranty_fund=stranger)
    results = run_days(settings, [DAY_1])
    capital, nobody = found(settings, "VALIDATE-RESOURCES-ORDER", "VALIDATE-FUND-MEMBER")[::-1]
    with open_lake(settings, read_only=True) as lake:
        hashes = dict(
            lake.connection.execute("SELECT stream, file_sha256 FROM land.files").fetchall()
        )
        last = lake.connection.execute("SELECT max(line) FROM land.guaranty_fund").fetchone()[0]
    assert capital[:2] == ("VALIDATE-RESOURCES-ORDER", "layer 3")
    assert capital[3:] == (hashes["resources"], 4)
    assert nobody[:2] == ("VALIDATE-FUND-MEMBER", "NOBODY")
    assert nobody[3:] == (hashes["guaranty_fund"], last)
    stopped = {name for name in results["stress"].blocked}
    assert {"stress.cover", "stress.reverse", "stress.liquidity", "stress.drill"} <= stopped
    assert not {"stress.scenarios", "stress.group_losses"} & stopped
    assert count(settings, "stress.group_losses", DAY_1) > 0
    assert found(settings, "STRESS-NOT-MADE") == []


def test_a_member_without_group_and_a_negative_contribution(sent):
    """The row without group never lands, so that the accounts of its member are unknown."""
    settings = sent(
        members=lambda rows: [{**rows[0], "affiliate_group": ""}, *rows[1:]],
        guaranty_fund=lambda rows: [*rows[:-1], {**rows[-1], "deposited_centicents": "-1"}],
    )
    results = run_days(settings, [DAY_1])
    with open_lake(settings, read_only=True) as lake:
        refused = lake.connection.execute(
            "SELECT line, rule_id, column_name FROM land.quarantine"
        ).fetchall()
    assert refused == [(2, "ROW-REQUIRED", "affiliate_group")]
    rules = ("VALIDATE-ACCOUNT-MEMBER", "VALIDATE-FUND-MEMBER", "VALIDATE-FUND-DEPOSIT")
    seen = found(settings, *rules)
    assert {rule for rule, *_ in seen} == set(rules)
    assert all(file and line for *_, file, line in seen)
    assert "stress.group_losses" in results["stress"].blocked


def test_a_negative_contribution_stops_what_it_would_bear(sent):
    settings = sent(
        guaranty_fund=lambda rows: [*rows[:-1], {**rows[-1], "deposited_centicents": "-1"}],
    )
    run_days(settings, [DAY_1])
    ((rule, _, _, file, line),) = found(settings, "VALIDATE-FUND-DEPOSIT")
    assert rule and file and line
    not_made = found(settings, "STRESS-NOT-MADE")
    assert {subject for _, subject, *_ in not_made} >= {"stress.cover", "stress.drill"}
    assert all("must not be negative" in detail for _, _, detail, *_ in not_made)


def test_what_a_drill_assumes_wrongly_is_one_line(reporting, finished, tmp_path, monkeypatch):
    path = tmp_path / "default_drill.yaml"
    path.write_text(
        drill_rules.DRILL_RULES.read_text().replace("grace_hours: 1", "grace_hours: -1")
    )
    monkeypatch.setattr(drill_rules, "DRILL_RULES", path)
    drill_rules._load.cache_clear()
    try:
        answer = reporting("drill", "--member", "M01", "--date", DAY_1, "--home", finished.home)
    finally:
        drill_rules._load.cache_clear()
    assert (answer.code, len(answer.err.splitlines()), answer.out) == (2, 1, "")
    assert "data_checks/default_drill.yaml" in answer.err and "grace_hours" in answer.err
