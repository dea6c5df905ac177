"""Does each rule's test notice when the rule is wrong? ``python -m mutants [RULE ...]``.

Every rule of the rulebook is made wrong in one place at a time, and only its own tests,
``tests/rules/<ID>.py``, are run. They must fail. Wrong rules that pass them are printed as
survivors. ``survivors.yaml`` lists those that are known, each with a reason; any other, and a
listed one that does not survive, makes this fail.

Out of reach are the bounds that stand in ``data_checks/thresholds.yaml`` and those that the
model has, for instance when an alert is raised: the rule's SELECT only reads what came of them.
"""

import sys
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import pytest
import yaml
from _pytest.monkeypatch import MonkeyPatch
from _pytest.runner import runtestprotocol

from mutants import of_producer, of_select
from reporting.rulebook import Rule, load_rulebook

RULES = Path(__file__).parents[1] / "rules"
SURVIVORS = Path(__file__).with_name("survivors.yaml")

Mutant = tuple[str, Callable[[MonkeyPatch], None]]


class Hunt:
    """A test run whose tests are run again for every mutant of their rule."""

    def __init__(self, rules: Collection[str], known: Collection[tuple[str, str]]) -> None:
        """rules: those to look at, or none for all; known: rule and mutant of survivors."""
        self.faults: list[str] = []
        self._rules, self._known = rules, known

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        tests: dict[str, list[pytest.Item]] = defaultdict(list)
        for item in session.items:
            # A strict xfail that passes is a rule that got better, not a fault that was noticed.
            if not item.get_closest_marker("xfail"):
                tests[item.path.stem].append(item)
        for rule_id, rule in load_rulebook().items():
            if self._rules and rule_id not in self._rules:
                continue
            if rule_id in tests:
                self._hunt(rule, tests[rule_id])
            else:
                self.faults.append(f"{rule_id}: has no test")
        return True

    def _hunt(self, rule: Rule, tests: Sequence[pytest.Item]) -> None:
        started, survivors = perf_counter(), []
        if not _pass(tests, _nothing_wrong(rule)):
            self.faults.append(f"{rule.id}: its tests fail though nothing is wrong")
            return
        mutants = list(_mutants(rule))
        for name, apply in mutants:
            if _pass(tests, apply):
                survivors.append(name)
        seconds = perf_counter() - started
        print(
            f"{rule.id}: {len(mutants)} mutants, {len(survivors)} survive, {seconds:.1f} s",
            flush=True,
        )
        listed = {name for known, name in self._known if known == rule.id}
        self.faults += [f"{rule.id}: survives: {name}" for name in survivors if name not in listed]
        self.faults += [
            f"{rule.id}: is listed and does not survive: {name}"
            for name in sorted(listed.difference(survivors))
        ]


def _mutants(rule: Rule) -> Iterator[Mutant]:
    if rule.sql is None:
        yield from of_producer.mutants(rule.id)
        return
    for name, sql in of_select.mutants(rule.sql):
        yield name, _with_sql(rule, sql)


def _nothing_wrong(rule: Rule) -> Callable[[MonkeyPatch], None]:
    """The rule as it is, but written as its mutants are."""
    return _with_sql(rule, rule.sql and of_select.as_parsed(rule.sql))


def _with_sql(rule: Rule, sql: str | None) -> Callable[[MonkeyPatch], None]:
    return lambda patch: patch.setitem(load_rulebook(), rule.id, replace(rule, sql=sql))


def _pass(tests: Sequence[pytest.Item], apply: Callable[[MonkeyPatch], None]) -> bool:
    """Whether all tests of a rule pass while something is applied."""
    with MonkeyPatch.context() as patch:
        apply(patch)
        for test in tests:
            # With the session to come, fixtures of the session are kept, and no others.
            reports = runtestprotocol(test, log=False, nextitem=test.session)
            if any(report.failed for report in reports):
                return False
    return True


def main(rules: list[str]) -> int:
    if unknown := set(rules) - load_rulebook().keys():
        print(f"no such rule: {', '.join(sorted(unknown))}")
        return 2
    hunt = Hunt(rules, {(row["rule"], row["mutant"]) for row in _listed()})
    paths = [str(RULES / f"{rule_id}.py") for rule_id in rules] or [str(RULES)]
    options = ["-q", "-p", "no:cacheprovider", "--capture=sys", "--no-summary"]
    code = pytest.main([*options, *paths], plugins=[hunt])
    for fault in hunt.faults:
        print(fault)
    return int(bool(hunt.faults) or code not in (0, 5))


def _listed() -> list[dict[str, str]]:
    return yaml.safe_load(SURVIVORS.read_text()) or []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
