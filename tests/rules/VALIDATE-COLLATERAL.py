"""Collateral of negative value, with an impossible haircut, or of an unknown account."""

from rules.rows import MON, put, put_on_other_dates


def test_value_haircut_and_account(tables):
    put(tables, "validate.accounts", 1, account_id="A1")
    put_on_other_dates(tables, "validate.accounts", 1, account_id="A2")
    assets = {
        "worth nothing": {"value_centicents": 0},
        "no value left": {"haircut_bps": 10_000},
        "negative value": {"value_centicents": -1},
        "negative haircut": {"haircut_bps": -1},
        "haircut above all": {"haircut_bps": 10_001},
        "unknown account": {"account_id": "A2"},  # listed on other dates only
    }
    for line, (asset, values) in enumerate(assets.items(), start=1):
        put(tables, "validate.collateral", line, asset_type=asset, **values)
    put_on_other_dates(tables, "validate.collateral", 9, value_centicents=-1)
    assert tables.found("VALIDATE-COLLATERAL", MON) == [
        ("A1/haircut above all", "mon", 5),
        ("A1/negative haircut", "mon", 4),
        ("A1/negative value", "mon", 3),
        ("A2/unknown account", "mon", 6),
    ]
