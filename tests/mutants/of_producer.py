"""Wrong versions of the rules whose findings Python makes.

- Its findings are lost on their way: out of landing, out of loading, into ``<stage>.findings``.
- A limit of landing moves by one, wherever a test sets it.

Bounds inside functions are out of reach.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial

from _pytest.monkeypatch import MonkeyPatch

from reporting.engine import stage
from reporting.feeds import drop_folder, tables
from reporting.feeds.loading import Loaded
from reporting.feeds.progress import Progress
from reporting.feeds.records import Landing, Limits

Apply = Callable[[MonkeyPatch], None]

_LIMITS = {
    "LAND-SIZE": ("max_bytes", "max_plain_bytes", "max_page_bytes"),
    "LAND-RATIO": ("max_ratio", "ratio_from_bytes"),
    "LAND-MANIFEST": ("max_manifest_bytes",),
    "LAND-FORMAT": ("max_line_bytes",),
    "ROW-LENGTH": ("max_line_bytes",),
}


def mutants(rule_id: str) -> Iterator[tuple[str, Apply]]:
    """(what is wrong, what makes it so)."""
    yield "finds nothing", partial(_lose, rule_id)
    for limit in _LIMITS.get(rule_id, ()):
        for step in (-1, 1):
            yield f"{limit} {step:+}", partial(_move, limit, step)
    if rule_id == "LAND-NAME":
        for length in (198, 200):
            yield f"199 more characters -> {length}", partial(_name_of, length)


def _lose(rule_id: str, patch: MonkeyPatch) -> None:
    def others(findings):
        return [finding for finding in findings if finding.rule_id != rule_id]

    for made in (Landing, Loaded):
        patch.setattr(made, "__init__", _with_others(made.__init__, others))
    due, put, fill = Progress.due, stage.put_findings, tables.fill_quarantine
    patch.setattr(Progress, "due", lambda self, findings: others(due(self, findings)))

    def put_others(day, name, findings):
        kept = [row for row in findings.to_pylist() if row["rule_id"] != rule_id]
        return put(day, name, findings.from_pylist(kept, schema=findings.schema))

    def fill_with_others(connection, streams):
        fill(connection, streams)
        connection.execute("DELETE FROM temp.landing_quarantine WHERE rule_id = ?", [rule_id])

    patch.setattr(stage, "put_findings", put_others)
    patch.setattr(tables, "fill_quarantine", fill_with_others)


def _with_others(make, others):
    def made(self, *values, **named):
        make(self, *values, **named)
        object.__setattr__(self, "findings", others(self.findings))

    return made


def _move(limit: str, step: int, patch: MonkeyPatch) -> None:
    make = Limits.__init__

    def moved(self, *values, **named):
        make(self, *values, **named)
        object.__setattr__(self, limit, getattr(self, limit) + step)

    patch.setattr(Limits, "__init__", moved)


def _name_of(length: int, patch: MonkeyPatch) -> None:
    pattern = drop_folder.SAFE_NAME.pattern
    assert "{0,199}" in pattern
    wrong = re.compile(pattern.replace("{0,199}", f"{{0,{length}}}"), re.ASCII)
    patch.setattr(drop_folder, "SAFE_NAME", wrong)
