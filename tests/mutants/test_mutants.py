"""What is made wrong in a SELECT, and what is not."""

from collections.abc import Callable

from _pytest.monkeypatch import MonkeyPatch
from rules.days import DAY

from mutants import of_producer
from mutants.of_select import as_parsed, mutants
from reporting.contract.finding import Finding
from reporting.feeds.records import Landing, Limits

SQL = """
WITH late AS (SELECT call_id, days FROM calls WHERE due_utc + INTERVAL 7 DAY < $now)
SELECT
    call_id AS subject,
    'more than ' || CAST(days + 1 AS VARCHAR) AS detail
FROM late
WHERE COALESCE(days, 0) > 10 AND (open OR SUBSTRING(call_id, 2, 1) = 'C')
"""


def test_each_bound_comparison_and_condition_is_wrong_once():
    assert sorted(name for name, _ in mutants(SQL)) == sorted(
        [
            "finds nothing",
            "due_utc + INTERVAL '7' DAY < $now -> due_utc + INTERVAL '7' DAY <= $now",
            "due_utc + INTERVAL '7' DAY < $now -> TRUE",
            "INTERVAL '7' DAY -> INTERVAL '6' DAY",
            "INTERVAL '7' DAY -> INTERVAL '8' DAY",
            "COALESCE(days, 0) > 10 -> COALESCE(days, 0) >= 10",
            "COALESCE(days, 0) > 10 -> COALESCE(days, 0) > 9",
            "COALESCE(days, 0) > 10 -> COALESCE(days, 0) > 11",
            "COALESCE(days, 0) > 10 -> TRUE",
            "open -> FALSE",
            "SUBSTRING(call_id, 2, 1) = 'C' -> FALSE",
        ]
    )


def test_a_mutant_differs_from_the_rule_and_from_every_other():
    texts = [as_parsed(SQL), *(text for _, text in mutants(SQL))]
    assert len(set(texts)) == len(texts)


def test_a_finding_is_lost_and_a_limit_moves_only_while_they_are_wrong():
    landing = (DAY, [], [Finding("LAND-SIZE", "f", "d"), Finding("LAND-HASH", "f", "d")])
    with MonkeyPatch.context() as patch:
        _mutant("finds nothing")(patch)
        _mutant("max_bytes +1")(patch)
        lost, limit = Landing(*landing).findings, Limits(max_bytes=7).max_bytes
    assert ([finding.rule_id for finding in lost], limit) == (["LAND-HASH"], 8)
    assert (len(Landing(*landing).findings), Limits(max_bytes=7).max_bytes) == (2, 7)


def _mutant(name: str) -> Callable[[MonkeyPatch], None]:
    return dict(of_producer.mutants("LAND-SIZE"))[name]
