"""A row of the benchmarks or of a futures table is incomplete or contradicts itself."""

from rules.rows import MON, put, put_on_other_dates

SERIES = {"series_id": "VIX", "date": "2026-05-04", "value": "21.77"}
VOLUME = {
    "exchange": "XCME",
    "product_code": "ES",
    "trade_date": "20260504",
    "contract_year": "2026",
    "contract_month": "6",
    "open_interest": "54",
    "total_volume": "90",
    "block_volume": "9",
}
RATE = {
    "exchange": "CMX",
    "product_code": "GC",
    "start_period": "06/2026",
    "end_period": "08/2026",
    "maintenance": "11000 USD",
}
WHOLE = [
    SERIES,
    VOLUME,
    VOLUME | {"contract_month": "1", "open_interest": "0", "total_volume": None},
    VOLUME | {"contract_month": "12", "open_interest": None, "total_volume": "9"},  # all blocks
    VOLUME | {"total_volume": "0", "block_volume": None},
    RATE,
    RATE | {"start_period": "12/2026", "end_period": "12/2026"},  # one month
    RATE | {"start_period": "12/2026", "end_period": "01/2027"},  # a month of the next year
]
FAULTY = [
    SERIES | {"date": None},
    SERIES | {"value": None},
    RATE | {"exchange": None},
    RATE | {"value": "1"},
    VOLUME | {"trade_date": "20260229"},
    VOLUME | {"trade_date": "20260229", "open_interest": None},
    VOLUME | {"trade_date": "20260229", "total_volume": None},
    VOLUME | {"contract_year": None},
    VOLUME | {"contract_month": None, "total_volume": None},
    VOLUME | {"contract_year": None, "open_interest": None},
    VOLUME | {"contract_month": "0"},
    VOLUME | {"contract_month": "13"},
    VOLUME | {"open_interest": "-1"},
    VOLUME | {"total_volume": "-1", "block_volume": None},
    VOLUME | {"block_volume": "91"},
    RATE | {"start_period": "09/2026"},
    RATE | {"start_period": "07/2027"},
]


def subject(row: dict) -> str:
    exchange, product = row.get("exchange") or "", row.get("product_code")
    return f"benchmarks: {row.get('series_id') or f'{exchange}/{product}'}"


def test_whole_rows_and_each_fault(tables):
    for line, row in enumerate(WHOLE + FAULTY, start=1):
        put(tables, "land.benchmarks", line, **row)
    put_on_other_dates(tables, "land.benchmarks", 99, **FAULTY[0])
    first = len(WHOLE) + 1
    assert tables.found("VALIDATE-BENCHMARK", MON) == sorted(
        (subject(row), "mon", line) for line, row in enumerate(FAULTY, start=first)
    )
