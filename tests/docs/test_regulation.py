"""Every rule that the product cites stands in docs/regulation.md, with its level of certainty."""

import re

import pytest

from reporting.rulebook import load_rulebook
from reporting.settings import ROOT

PAGE = (ROOT / "docs" / "regulation.md").read_text(encoding="utf-8")
LEVELS = ("read", "secondary", "memory")
_PARAGRAPH = r"\d+\.\d+(?:\([0-9A-Za-z]+\))*"
_RULE = rf"{_PARAGRAPH}|\d+ FR \d+|PFMI principle \d+|RFC \d+"


def _rows():
    """The cells of each row of the tables of citations."""
    lines = [line for line in PAGE.splitlines() if line.startswith("|") and line.count("|") == 5]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in rows if row[0] != "rule" and set(row[0]) != {"-"}]


LISTED = {rule for row in _rows() for rule in re.findall(_RULE, row[0])}


def _unlisted(text):
    """What a text cites and the page does not list; a section is listed with its paragraphs."""
    return {
        rule
        for rule in _cited(text) - LISTED
        if not any(listed.startswith(f"{rule}(") for listed in LISTED)
    }


def _cited(text):
    """Rules that a text cites: what follows CFR, a part of a Federal Register, and the like."""
    cited = set(re.findall(r"\d+ FR \d+|PFMI principle \d+|RFC \d+", text))
    for after in re.findall(rf"17 CFR\s+({_PARAGRAPH}(?:(?:,| and|,? or)\s+{_PARAGRAPH})*)", text):
        cited.update(re.findall(_PARAGRAPH, after))
    return cited


@pytest.mark.parametrize("rule_id", sorted(load_rulebook()))
def test_a_rule_cites_what_stands_on_the_page(rule_id):
    assert _cited(load_rulebook()[rule_id].citation) <= LISTED


def test_packs_documents_and_settings_cite_what_stands_on_the_page():
    places = {
        "reporting": ("*.py", "*.yaml"),
        "docs": ("*.md",),
        "data_checks": ("*.yaml", "*.sql"),
        "templates": ("*.typ", "*.html", "*.j2"),
    }
    unlisted = {}
    for folder, patterns in places.items():
        for path in (path for pattern in patterns for path in (ROOT / folder).rglob(pattern)):
            if path.name == "regulation.md":
                continue
            # A comment or a text may break within a citation.
            text = re.sub(r"\s*\n[\s#*\"f]*", " ", path.read_text(encoding="utf-8"))
            if rest := _unlisted(text):
                unlisted[str(path.relative_to(ROOT))] = rest
    assert unlisted == {}


def test_each_rule_is_listed_once_with_its_level_and_place():
    rules = [rule for row in _rows() for rule in re.findall(_RULE, row[0])]
    assert sorted(rules) == sorted(set(rules))
    for rule, used_for, where, level in _rows():
        assert used_for and where, rule
        assert level.startswith(LEVELS), rule


@pytest.mark.parametrize("wrong", ["39.13(g)(12)", "38.200"])
def test_no_rule_cites_what_was_wrong(wrong):
    assert [rule.id for rule in load_rulebook().values() if wrong in rule.citation] == []


def test_each_rule_cites_the_paragraph_that_it_rests_on():
    """The corrections of filings.md, "Citations that were wrong"."""
    expected = {
        "STRESS-COVER-2": "39.33(b)",
        "VALIDATE-POSITIONS-NOT-CARRIED": "39.14(b), 39.20(a)",
        "LAND-PART-OF-DAY": "39.13(e), 39.14(b)",
        "RECOMPUTE-CYCLE-LOSS": "39.13(e), 39.14(b)",
        "RECOMPUTE-CYCLE-SHORTFALL": "39.13(e), 39.14(b)",
        "RECOMPUTE-CYCLE-CLUSTER": "39.13(e), 39.14(b)",
        "RECOMPUTE-MARK": "39.13(g)(5)",
        "RECOMPUTE-LATE-CALL": "39.13(g)(9)",
        "RECOMPUTE-WRONG-WAY": "39.13(g)(2)(i)",
        "RECOMPUTE-SCHEDULE-AMENDED": "88 FR 44675",
        "RECOMPUTE-NETTING": "39.13(g)(4)",
        "RECOMPUTE-CORE": "39.13(g)(2)(i), 39.13(g)(2)(iii)",
        "STRESS-COVERAGE": "39.13(g)(7)",
    }
    book = load_rulebook()
    assert {
        rule: cited for rule, cited in expected.items() if cited not in book[rule].citation
    } == {}
