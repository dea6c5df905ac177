"""The loss of a drill equals the amounts its layers absorbed plus the unallocated rest."""

from rules.days import BEFORE, DAY, NO_LINE, put


def _drill(tables, drill, loss, left, *used, day=DAY):
    row = {"drill_id": drill, "loss_centicents": loss, "unallocated_centicents": left}
    put(tables, "stress.drill", day, **row)
    for number, amount in enumerate(used):
        layer = {"drill_id": drill, "layer_order": number, "used_centicents": amount}
        put(tables, "stress.drill_layers", day, **layer)


def test_a_centicent_that_no_layer_took(tables):
    _drill(tables, "D-EVEN", 100, 10, 60, 30)
    _drill(tables, "D-LOST", 101, 10, 60, 30)
    _drill(tables, "D-MADE", 99, 10, 60, 30)
    # Layers of another date do not count, nor do drills of another date.
    _drill(tables, "D-EVEN", 50, 0, 50, day=BEFORE)
    _drill(tables, "D-OLD", 50, 0, 40, day=BEFORE)
    found = tables.found("STRESS-WATERFALL-CONSERVED", DAY)
    assert found == [("D-LOST", *NO_LINE), ("D-MADE", *NO_LINE)]
