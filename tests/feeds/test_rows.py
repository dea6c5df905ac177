"""Rows of CSV, NDJSON and page documents: values as sent, faults with their exact line."""

import json

import pytest

from feeds.delivery import MEMBERS, TRADE, Inbox, member, packed, read, rules, trade

LONG = 10_000_000


def rejected(inbox: Inbox, name: str, content: bytes | str, stream: str, rows: int, **changes):
    """(line, rule, column) of quarantine, after all promises of the manifest held."""
    inbox.deliver(name, content, stream, rows=rows, **changes)
    landing = inbox.land()
    assert rules(landing) == []
    result = read(landing)
    assert not {"LAND-ROWS", "LAND-TOTALS"} & set(result.rules())
    return result


@pytest.mark.parametrize(
    ("bad", "rule"),
    [
        (b'{"a": "\x00"}', "ROW-TEXT"),
        (b"\x01", "ROW-TEXT"),
        (b"a\rb", "ROW-TEXT"),
        (b"\xff\xfe\xfd", "ROW-TEXT"),
        (b"\xed\xa0\x80", "ROW-TEXT"),
        pytest.param(b"{" + b" " * LONG + b"}", "ROW-LENGTH", id="long blank record"),
        pytest.param(b"x" * 200_000, "ROW-LENGTH", id="long text"),
        (b"{", "ROW-JSON"),
        (b"[]", "ROW-JSON"),
        (b"3", "ROW-JSON"),
        (b"null", "ROW-JSON"),
        (b" ", "ROW-JSON"),
        (b"{} {}", "ROW-JSON"),
        (b"{'a': 1}", "ROW-JSON"),
        (b'{"a": 1,}', "ROW-JSON"),
        (b'{"a": 1, "a": 1}', "ROW-JSON"),
        (b'{"b": 0.5, "a": 1, "a": 1}', "ROW-JSON"),
        (b'{"a": "\\ud800"}', "ROW-JSON"),
        (b"[" * 100_000, "ROW-JSON"),
        (b'{"a": 1.5, "b": ' + b"[" * 100_000, "ROW-JSON"),
    ],
)
def test_one_bad_line_of_ndjson(inbox: Inbox, bad: bytes, rule: str) -> None:
    """Between good lines, one empty: the bad one is line 4, wherever it is found."""
    first, last = trade(trade_id="t-1").encode(), trade(trade_id="t-2").encode()
    result = rejected(
        inbox, "t.ndjson", b"\n".join([first, b"", first[:0], bad, last]), "trades", 3
    )
    assert result.quarantine() == [(4, rule, None)]
    assert result.rows("trades", "line", "trade_id") == [(1, "t-1"), (5, "t-2")]
    (finding,) = result.loaded.findings
    assert (finding.rule_id, finding.line) == (rule, 4)
    ((excerpt,),) = result.connection.execute(
        "SELECT excerpt FROM temp.landing_quarantine"
    ).fetchall()
    assert len(excerpt) <= 200
    assert excerpt.isprintable()


@pytest.mark.parametrize(
    ("changes", "rule", "column"),
    [
        ({"trade_id": None}, "ROW-REQUIRED", "trade_id"),
        ({"ticker": ""}, "ROW-REQUIRED", "ticker"),
        ({"ticker": "a\tb"}, "ROW-KIND", "ticker"),
        ({"ticker": "=cmd()"}, "ROW-KIND", "ticker"),
        ({"trade_id": "x" * 121}, "ROW-KIND", "trade_id"),
        ({"trade_id": "good\n"}, "ROW-KIND", "trade_id"),
        ({"created_time": "2025-03-17"}, "ROW-KIND", "created_time"),
        ({"created_time": "2025-03-17T19:15:08"}, "ROW-KIND", "created_time"),
        ({"created_time": "2025-02-30T19:15:08Z"}, "ROW-KIND", "created_time"),
        ({"created_time": "2025-03-17T25:61:00Z"}, "ROW-KIND", "created_time"),
        ({"created_time": "2025-03-17T19:15:08+99:99"}, "ROW-KIND", "created_time"),
        ({"created_time": "0000-03-17T19:15:08Z"}, "ROW-KIND", "created_time"),
        ({"taker_side": "YES"}, "ROW-CHOICE", "taker_side"),
        ({"taker_side": True}, "ROW-CHOICE", "taker_side"),
        ({"count": 1e30}, "ROW-KIND", "count"),
        ({"count": -0.001}, "ROW-KIND", "count"),
        ({"count": "1.234"}, "ROW-KIND", "count"),
        ({"count": float("nan")}, "ROW-KIND", "count"),
        ({"count": float("-inf")}, "ROW-KIND", "count"),
        ({"count": [1]}, "ROW-KIND", "count"),
        ({"count": 10**14}, "ROW-KIND", "count"),
        ({"yes_price": 40.5}, "ROW-KIND", "yes_price"),
        ({"yes_price": -1}, "ROW-KIND", "yes_price"),
        ({"yes_price": "0x10"}, "ROW-KIND", "yes_price"),
        ({"yes_price": "\u0664"}, "ROW-KIND", "yes_price"),
        ({"yes_price_dollars": "0.1234567"}, "ROW-KIND", "yes_price_dollars"),
        ({"count": None}, "ROW-ONE-OF", "count or count_fp"),
        ({"yes_price": ""}, "ROW-ONE-OF", "yes_price or yes_price_dollars"),
    ],
)
def test_a_value_against_the_contract(
    inbox: Inbox, changes: dict[str, object], rule: str, column: str
) -> None:
    content = trade(trade_id="t-0") + "\n" + trade(**changes)
    result = rejected(inbox, "t.ndjson", content, "trades", 2)
    assert result.quarantine() == [(2, rule, column)]
    assert result.rows("trades", "trade_id") == [("t-0",)]


def test_numbers_stay_as_they_were_written(inbox: Inbox) -> None:
    """Binary floats would give 0.1, 40, 0.3 and lose 2^53 + 1."""
    lines = [
        '{"count": 0.10, "yes_price": 40.0}',
        '{"count": 9007199254740993, "yes_price": 40}',
        '{"count": 1, "yes_price_dollars": 0.300000}',
        '{"count_fp": "1.50", "yes_price_dollars": "0.4000"}',
        '{"count": 3.0, "yes_price": 7, "note": "in \\"quotes\\", 0.5, and more"}',
    ]
    head = json.dumps({name: TRADE[name] for name in ("trade_id", "ticker", "taker_side")})
    stamp = f'"created_time": "{TRADE["created_time"]}"'
    content = "\n".join(f"{head[:-1]}, {stamp}, {line[1:]}" for line in lines)
    result = rejected(inbox, "t.ndjson", content, "trades", 5)
    columns = ("count", "count_fp", "yes_price", "yes_price_dollars")
    assert result.rows("trades", *columns) == [
        ("0.10", None, "40.0", None),
        ("1", None, None, "0.300000"),
        (None, "1.50", None, "0.4000"),
        ("3.0", None, "7", None),
    ]
    assert result.quarantine() == [(2, "ROW-KIND", "count")]  # 16 digits are too many here


def test_nested_values_and_flags_are_json_text(inbox: Inbox) -> None:
    market = {
        "ticker": "A",
        "event_ticker": "E",
        "status": "active",
        "can_close_early": True,
        "mve_selected_legs": [{"side": "yes", "market_ticker": "M"}],
        "custom_strike": {"exactly": 2, "share": 0.5},
        "result": "",
        "title": 'say "é"',
    }
    content = json.dumps(market)
    result = rejected(inbox, "m.ndjson", content, "markets", 1)
    assert '"share": 0.5' in content
    columns = ("can_close_early", "mve_selected_legs", "custom_strike", "result", "title")
    assert result.rows("markets", *columns) == [
        (
            "true",
            '[{"side":"yes","market_ticker":"M"}]',
            '{"exactly":2,"share":0.5}',
            None,
            'say "é"',
        )
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends_and_byte_order_mark(inbox: Inbox, end: str, mark: str, last: bool) -> None:
    lines = [MEMBERS.strip(), member(1).strip(), member(2).strip()]
    content = mark + end.join(lines) + (end if last else "")
    result = rejected(inbox, "m.csv", content, "members", 2)
    assert result.rows("members", "line", "member_id", "status") == [
        (2, "M1", "active"),
        (3, "M2", "active"),
    ]
    content = mark + end.join([trade(), trade(trade_id="t-2")])
    inbox.deliver("t.ndjson", content, "trades", rows=2)
    assert read(inbox.land()).rows("trades", "line", "trade_id") == [(1, "t-1"), (2, "t-2")]


def test_csv_fields(inbox: Inbox) -> None:
    """Own order of columns, one unknown, one absent; quotes, and lines that do not fit."""
    content = "\n".join(
        [
            'status,"clears_for",extra,affiliate_group,name,member_id',
            "active,both,x,G1,Plain,M1",
            'active,both,"x,y",G1,"Comma, ""and"" quotes",M2',
            "active,both,x,G1,Short",
            "active,both,x,G1,Long,M4,more",
            "",
            'active,both,x,G1,"open,M5',
            "ACTIVE,both,,G1,Choice,M6",
            "active,,,G1,Required,M7",
            "active,both,,G1,,M8",
            '"active","both","","G1","=1+1","M9"',
            "active,both,\x00,G1,Nul,M10",
        ]
    )
    result = rejected(inbox, "m.csv", content, "members", 10)
    assert result.rows("members", "line", "member_id", "name", "lei") == [
        (2, "M1", "Plain", None),
        (3, "M2", 'Comma, "and" quotes', None),
        (11, "M9", "=1+1", None),
    ]
    assert result.quarantine() == [
        (4, "ROW-FIELDS", None),
        (5, "ROW-FIELDS", None),
        (7, "ROW-FIELDS", None),
        (8, "ROW-CHOICE", "status"),
        (9, "ROW-REQUIRED", "clears_for"),
        (10, "ROW-REQUIRED", "name"),
        (12, "ROW-TEXT", None),
    ]


def test_an_excerpt_shows_the_value_or_the_line(inbox: Inbox) -> None:
    content = MEMBERS + "M1,N,,G,both,gone\u202e\n" + "M2,\n"
    result = rejected(inbox, "m.csv", content, "members", 2)
    excerpts = result.connection.execute(
        "SELECT excerpt FROM temp.landing_quarantine ORDER BY line"
    ).fetchall()
    assert excerpts == [("gone?",), ("M2,",)]


PAGE = """{
  "cursor": "c",
  "note": {"trades": [1, "]"]},
  "trades": [
    %s,

    %s
  ],
  "after": "\\"}"
}
"""


def test_a_page_document_gives_the_line_of_each_record(inbox: Inbox) -> None:
    first = json.dumps({**TRADE, "trade_id": "t-1"}, indent=2)
    second = trade(trade_id="t-2", count=0.10)
    result = rejected(inbox, "t.json", PAGE % (first, second), "trades", 2)
    length = first.count("\n") + 1
    assert result.rows("trades", "line", "trade_id", "count") == [
        (5, "t-1", "3"),
        (5 + length + 1, "t-2", "0.1"),  # json.dumps itself wrote 0.10 as 0.1
    ]


@pytest.mark.parametrize(
    ("page", "ids"),
    [
        ("[]", []),
        ('{"trades": []}', []),
        ('{"trades": null}', []),
        ("[%s, %s]", ["t-0", "t-1"]),
        ('{"trade": %s}', ["t-0"]),
        ("\ufeff[%s]", ["t-0"]),
    ],
)
def test_shapes_of_a_page(inbox: Inbox, page: str, ids: list[str]) -> None:
    content = page % tuple(trade(trade_id=name) for name in ids)
    result = rejected(inbox, "t.json.gz", packed(content), "trades", len(ids))
    assert [name for (name,) in result.rows("trades", "trade_id")] == ids
    assert result.quarantine() == []


@pytest.mark.parametrize(
    ("page", "good", "bad"),
    [
        ("", 0, (1, "ROW-JSON", None)),
        ("{}", 0, (1, "ROW-JSON", None)),
        ('{"error": {"code": "bad_request"}}', 0, (1, "ROW-JSON", None)),
        ('{"trades": 3}', 0, (1, "ROW-JSON", None)),
        ("[%s,\n", 1, (2, "ROW-JSON", None)),
        ("[%s,\n %s", 1, None),
        ("[%s,\n]", 1, (2, "ROW-JSON", None)),
        ("[%s]\n[%s]", 1, (2, "ROW-JSON", None)),
        ("[%s,\n3]", 1, (2, "ROW-JSON", None)),
        ("[" * 100_000, 0, (1, "ROW-JSON", None)),
    ],
)
def test_a_page_that_breaks_off(inbox: Inbox, page: str, good: int, bad: tuple | None) -> None:
    """What was read before the fault stays; the rest is one line in quarantine."""
    content = page.replace("%s", trade())
    inbox.deliver("t.json", content, "trades", rows=good + 1)
    result = read(inbox.land())
    if bad is None:  # two whole records; only the closing bracket is missing
        assert len(result.rows("trades", "line")) == 2
        assert [rule for _, rule, _ in result.quarantine()] == ["ROW-JSON"]
        return
    assert len(result.rows("trades", "line")) == good
    assert result.quarantine() == [bad]


def test_faults_inside_a_page(inbox: Inbox) -> None:
    wide = trade(note="x" * 200_000)
    content = b"[\n" + trade().encode() + b',\n{"a": "\xff"},\n' + wide.encode() + b"\n]"
    result = rejected(inbox, "t.json", content, "trades", 3)
    assert result.quarantine() == [(3, "ROW-TEXT", None), (4, "ROW-LENGTH", None)]


def test_utf_16_without_a_mark_goes_to_quarantine_line_by_line(inbox: Inbox) -> None:
    content = (trade() + "\n" + trade()).encode("utf-16-le")
    result = rejected(inbox, "t.ndjson", content, "trades", 2)
    assert [rule for _, rule, _ in result.quarantine()] == ["ROW-TEXT"] * 2
