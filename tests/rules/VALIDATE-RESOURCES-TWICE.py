"""Two layers of the default waterfall are fed by the same money."""

import pytest

from rules.rows import MON, put, put_on_other_dates

ONCE = ("defaulter_margin", "defaulter_fund", "survivors_fund", "gains_haircut")
SEVERAL = ("own_capital", "assessment", "insurance")


def test_money_that_exists_once_feeds_one_layer(tables):
    for line, layer_type in enumerate(ONCE + SEVERAL, start=1):
        put(tables, "validate.resources", line, layer_order=line, layer_type=layer_type)
        put_on_other_dates(tables, "validate.resources", line, layer_type=layer_type)
    assert tables.found("VALIDATE-RESOURCES-TWICE", MON) == []
    for line, layer_type in enumerate(ONCE + SEVERAL, start=11):
        put(tables, "validate.resources", line, layer_order=line, layer_type=layer_type)
    assert tables.found("VALIDATE-RESOURCES-TWICE", MON) == [
        ("defaulter_fund", "mon", 12),
        ("defaulter_margin", "mon", 11),
        ("gains_haircut", "mon", 14),
        ("survivors_fund", "mon", 13),
    ]


@pytest.mark.xfail(strict=True, reason="the smallest hash and the largest line are of two rows")
def test_file_and_line_are_of_one_row(tables):
    for file, line in (("a", 2), ("b", 5)):
        put(tables, "validate.resources", line, file_sha256=file, layer_type="survivors_fund")
    ((_, file, line),) = tables.found("VALIDATE-RESOURCES-TWICE", MON)
    assert (file, line) in {("a", 2), ("b", 5)}
