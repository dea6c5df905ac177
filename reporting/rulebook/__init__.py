"""The rules of ``data_checks/``: what they are, and how Great Expectations runs them.

``rules``    read the rulebook (YAML) and the SQL of each rule
``results``  the result of a check: passed, failed, broken or skipped
``gx``       run the rules of a stage as one suite inside DuckDB
``on_demand`` modules that a library imports and no rule needs
"""

from reporting.rulebook.results import CheckResult, Measured, Status
from reporting.rulebook.rules import Measure, Rule, Severity, load_rulebook, rules_of

__all__ = [
    "CheckResult",
    "Measure",
    "Measured",
    "Rule",
    "Severity",
    "Status",
    "load_rulebook",
    "rules_of",
]
