"""The venue took a worst case contract by contract, without netting."""

from rules.days import BEFORE, DAY, put

TABLE = "recompute.margin_breaks"


def test_the_flag_says_so(tables):
    put(tables, TABLE, account_id="A-1", contract_by_contract=True, line=4)
    # A worst case wrong for another reason: RECOMPUTE-WORST-CASE.
    put(tables, TABLE, account_id="A-2", contract_by_contract=False, worst_case_unexplained=True)
    put(tables, TABLE, BEFORE, account_id="A-3", contract_by_contract=True)
    assert tables.found("RECOMPUTE-NETTING", DAY) == [("A-1", "margin", 4)]
