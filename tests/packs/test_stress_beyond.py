"""Headroom, the search, porting capacity and fund sizing in the packs, by the fixture's rows."""

from reporting.packs.default.fund import fund_section
from reporting.packs.default.porting import porting_section
from reporting.packs.document.tables import Table
from reporting.packs.stress import pack
from reporting.packs.stress.headroom import headroom_section
from reporting.packs.stress.search import search_section


def tables_of(section):
    return {item.title: item for item in section.items if isinstance(item, Table)}


def words_of(section):
    return " ".join(item for item in section.items if isinstance(item, str))


def test_headroom_is_sorted_by_the_share_of_margin(tables):
    section = headroom_section(tables)
    (table,) = tables_of(section).values()
    # 110, 90 and 75 of 100; what loses nothing is left out.
    assert [row[0] for row in table.rows] == ["S12-G", "S2b-all", "S3-G"]
    assert [row[5] for row in table.rows] == ["110.00%", "90.00%", "75.00%"]
    assert "S12-G comes nearest" in words_of(section)
    assert "110.00% of its margin and exceeds it" in words_of(section)


def test_the_search_names_who_fails_how_far_and_how_likely(tables):
    section = search_section(tables)
    words = words_of(section)
    assert "When one group fails (G01)" in words
    assert "moves 1 cluster by 4.25 standard deviations each" in words
    assert "all of it within margin" in words
    # 30 of 100 million dollars; 0.0000121 is 1 in 82,645.
    assert "the shortfall is $30,000,000, 30.0% of" in words
    assert "1 in 82,645 under the model's correlation" in words
    assert "these moves reach the first layer at 1.01 times their size; no growth exhausts" in words
    clusters, factors = tables_of(section).values()
    assert len(clusters.rows) == 1 + 3
    assert [row[6] for row in factors.rows] == ["1.01", "1.40", "not reached"] * 2


def test_what_did_not_run_says_why(tables):
    (framework,) = [s for s in pack.view(tables).sections if s.title.startswith("Framework")]
    words = words_of(framework)
    assert "Did not run today: S4" in words
    assert "because no event with several states was paid on the date" in words
    assert "S3 (" not in words


def test_porting_counts_by_group_and_lists_who_is_left(tables):
    """Accounts 0, 2, 4 of the first group need 1, 3, 5; 1, 3, 5 of the second 2, 4, 6, the last of
    which finds nobody."""
    section = porting_section(tables)
    by_group, left = tables_of(section).values()
    assert [row[1:4] for row in by_group.rows] == [("3", "3", "0"), ("3", "2", "1")]
    assert [row[4] for row in by_group.rows] == ["900,000.00", "1,200,000.00"]
    assert [row[1] for row in left.rows] == ["A00005"]
    assert "Of 6 margined customer accounts in 2 groups, 1 account would find" in words_of(section)


def test_the_fund_is_sized_by_risk(tables):
    """5.705 each, 0.769 times 1 to 12 required: five deposited too little."""
    section = fund_section(tables)
    table = tables_of(section)["Guaranty fund by risk: what each member should deposit"]
    assert len(table.rows) == 12
    short = sum(max(0, n * 769_230_769 - 5_705_000_000) for n in range(1, 13))
    assert short == 5 * -5_705_000_000 + 50 * 769_230_769
    assert "By our rule 5 members deposited less than risk requires, $993,654" in words_of(section)
