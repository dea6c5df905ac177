"""Two layers of the default waterfall have the same place, or a layer has a negative size."""

import pytest

from rules.rows import MON, put, put_on_other_dates


def test_one_layer_per_place_and_no_negative_size(tables):
    for line, (order, amount) in enumerate([(1, 0), (2, 5), (2, 5), (3, -1), (4, 5)], start=1):
        values = {"layer_order": order, "amount_centicents": amount}
        put(tables, "validate.resources", line, **values)
    put_on_other_dates(tables, "validate.resources", 6, layer_order=4)
    put_on_other_dates(tables, "validate.resources", 7, layer_order=5, amount_centicents=-1)
    assert tables.found("VALIDATE-RESOURCES-ORDER", MON) == [
        ("layer 2", "mon", 2),
        ("layer 3", "mon", 4),
    ]


@pytest.mark.xfail(strict=True, reason="the smallest hash and line are of different rows")
def test_file_and_line_are_of_one_row(tables):
    for file, line in (("a", 5), ("b", 2)):
        put(tables, "validate.resources", line, file_sha256=file)
    ((_, file, line),) = tables.found("VALIDATE-RESOURCES-ORDER", MON)
    assert (file, line) in {("a", 5), ("b", 2)}
