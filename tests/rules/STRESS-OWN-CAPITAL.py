"""A tranche of own capital is smaller than its own rule asks for."""

from rules.days import BEFORE, DAY, NO_LINE, put

TABLE = "stress.layers"
TRANCHE = {"layer_type": "own_capital", "rule_size_centicents": 100}


def test_a_centicent_below_the_rule(tables):
    put(tables, TABLE, layer_id="short", amount_centicents=99, **TRANCHE)
    put(tables, TABLE, layer_id="enough", amount_centicents=100, **TRANCHE)
    # No amount stated: the rule gives the size.
    put(tables, TABLE, layer_id="by rule", amount_centicents=0, **TRANCHE)
    other = TRANCHE | {"layer_type": "insurance"}
    put(tables, TABLE, layer_id="insurer", amount_centicents=99, **other)
    put(tables, TABLE, BEFORE, layer_id="earlier", amount_centicents=99, **TRANCHE)
    assert tables.found("STRESS-OWN-CAPITAL", DAY) == [("short", *NO_LINE)]
