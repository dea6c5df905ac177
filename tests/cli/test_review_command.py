"""``reporting review`` as a person uses it: its document, its mistakes, and the lake after."""

import hashlib

import pytest
from support.venues import DAY_1, DAY_2

from reporting.lake import open_lake
from reporting.studies.risk_review import document
from reporting.studies.risk_review.window import read_window

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("venue-0")]


@pytest.fixture(scope="module")
def made(finished, tmp_path_factory):
    """The document of both dates, its text and the lake's files before and after."""
    from reporting.cli.review import review

    out = tmp_path_factory.mktemp("review") / "sub" / "review.md"
    before = _tree(finished)
    review.callback(first=None, last=None, out=out, home=finished.home)
    assert _tree(finished) == before
    return out.read_text(encoding="utf-8")


def _tree(settings) -> dict[str, str]:
    files = [settings.lake_catalog, *sorted(settings.lake_data.rglob("*"))]
    return {str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in files if p.is_file()}


def _cells(text: str, head: str) -> dict[str, dict[str, str]]:
    """Rows of the first table that has a column, by their first cell."""
    lines = text.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("| ") and head in line)
    names = [cell.strip() for cell in lines[start].strip("|").split("|")]
    found = {}
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        found[cells[0]] = dict(zip(names, cells, strict=True))
    return found


def test_the_numbers_are_those_of_the_lake(made, finished):
    size, cover = _cells(made, "money at risk"), _cells(made, "Cover-1")
    with open_lake(finished, read_only=True) as lake:
        for day in (DAY_1, DAY_2):
            margin, peak, hours = lake.connection.execute(
                "SELECT (SELECT sum(initial_margin_centicents) FROM recompute.account_margin"
                " WHERE business_date = $day), (SELECT max(cover_2_centicents) FROM stress.cover"
                " WHERE business_date = $day), (SELECT min(hours_survived) FROM stress.liquidity"
                " WHERE business_date = $day)",
                {"day": day},
            ).fetchone()
            assert size[str(day)]["initial margin"] == f"{round(margin / 10_000):,}"
            assert cover[str(day)]["Cover-2"] == f"{round(peak / 10_000):,}"
            assert str(hours) in _cells(made, "hours survived, one")[str(day)].values()
        rules = lake.connection.execute(
            "SELECT rule_id, count(*) FROM recompute.findings GROUP BY 1"
        ).fetchall()
    shown = _cells(made, "| rule | severity | meaning")
    assert len(rules) > 5
    assert {rule: shown[rule]["findings"] for rule, _ in rules} == {
        rule: f"{count:,}" for rule, count in rules
    }


def test_it_says_what_it_rests_on(made):
    assert made.startswith("# Risk review, 4 May 2026 to 5 May 2026\n\n**SYNTHETIC data.**")
    assert "`reporting review --from 2026-05-04 --to 2026-05-05`" in made
    assert "The window has 2 dates. It contains a loss that occurs once in a hundred dates" in made
    assert "with a probability of 2%" in made  # 1 - 0.99^2 = 1.99 %
    for title in ("Summary", "Stress", "Liquidity", "Backtests", "Findings", "Limits"):
        assert f"\n## {title}\n" in made


def test_the_same_lake_gives_the_same_bytes_and_a_part_of_it_its_own(
    reporting, finished, made, tmp_path
):
    arguments = ("review", "--home", finished.home, "--out", tmp_path / "review.md")
    answer = reporting(*arguments)
    assert (answer.code, answer.err) == (0, "") and answer.out.startswith("written: ")
    assert (tmp_path / "review.md").read_text() == made
    assert reporting(*arguments, "--to", DAY_1).code == 0
    assert str(DAY_2) not in (tmp_path / "review.md").read_text()


def test_a_writer_can_commit_while_it_reads(own_home, monkeypatch, reporting, tmp_path):
    """And what is committed meanwhile is not in it."""

    def reads_and_is_overtaken(connection, *arguments):
        connection.execute("SELECT count(*) FROM stress.cover").fetchall()
        with open_lake(own_home) as lake, lake.commit("stress", DAY_1, "meanwhile"):
            lake.connection.execute("DELETE FROM stress.cover")
        return read_window(connection, *arguments)

    monkeypatch.setattr(document, "read_window", reads_and_is_overtaken)
    arguments = ("review", "--home", own_home.home, "--out", tmp_path / "r.md")
    answer = reporting(*arguments)
    assert (answer.code, answer.err) == (0, "")
    assert "No date of the window has a stress test" not in (tmp_path / "r.md").read_text()
    monkeypatch.undo()
    assert reporting(*arguments).code == 0
    assert "No date of the window has a stress test" in (tmp_path / "r.md").read_text()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--from", "2020-01-01"), "--from 2020-01-01 was not run; the lake holds 2026-05-04"),
        (("--to", "2030-01-01"), "--to 2030-01-01 was not run"),
        (("--from", DAY_2, "--to", DAY_1), "the window is empty"),
        (("--from", "1 May"), "'1 May' is not a date"),
    ],
)
def test_a_mistake_is_one_line(reporting, finished, tmp_path, more, words):
    answer = reporting("review", "--home", finished.home, "--out", tmp_path / "r.md", *more)
    assert (answer.code, answer.out, len(answer.err.splitlines())) == (2, "", 1)
    assert words in answer.err and not (tmp_path / "r.md").exists()


def test_homes_and_files_that_cannot_be_are_one_line(reporting, finished, empty_home, tmp_path):
    (tmp_path / "file").touch()
    for home, out, words in (
        (tmp_path / "none", tmp_path / "r.md", "there is no lake in"),
        (empty_home, tmp_path / "r.md", "no day has been run yet"),
        (finished.home, tmp_path / "file" / "r.md", "--out"),
        (finished.home, tmp_path, "is a directory"),
    ):
        answer = reporting("review", "--home", home, "--out", out)
        assert (answer.code, len(answer.err.splitlines())) == (2, 1), answer.err
        assert words in answer.err
