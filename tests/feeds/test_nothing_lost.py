"""Whatever bytes arrive: every line of data is a good row or a quarantined one, once."""

import json
import tempfile
from pathlib import Path

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from feeds.delivery import MEMBERS, TRADE, Inbox, member, read, trade
from reporting.contract.streams import STREAMS
from reporting.feeds import checks, json_text
from reporting.feeds.batches import _json_batches, _lines
from reporting.feeds.lines import read_lines

pytestmark = pytest.mark.slow

_PIECES = st.sampled_from(
    [
        b"\n",
        b"\r\n",
        b"\r",
        b",",
        b'"',
        b"\x00",
        b"\t",
        b"\xff",
        b"\xe2\x82\xac",
        b"\xef\xbb\xbf",
        b"x" * 70,
        member(1).encode(),
        trade().encode() + b"\n",
        trade(count=0.5).encode(),
        b'{"a": 1.5, "a": 2}\n',
        b"{}\n",
        b"NaN\n",
    ]
)
_CONTENTS = st.lists(st.one_of(_PIECES, st.binary(max_size=8)), max_size=25).map(b"".join)
_WHOLE_WAY = settings(max_examples=20, deadline=None)


def numbers_of_data_lines(content: bytes) -> list[int]:
    """Line numbers that hold something: written as plainly as can be, apart from the program."""
    content = content.removeprefix(b"\xef\xbb\xbf") + b"\n"
    lines = content.replace(b"\r\n", b"\n").split(b"\n")
    return [number for number, line in enumerate(lines, start=1) if line]


@settings(max_examples=250, deadline=None)
@given(content=_CONTENTS, block=st.sampled_from([3, 7, 64, 4 << 20]))
@example(content=b"x" * 401 + b"\n" + b"y" * 400, block=4)
@example(content=b"x" * 5000 + b"\r\n" + trade().encode(), block=64)
def test_every_line_is_read_once(content: bytes, block: int) -> None:
    """Whatever the size of the blocks in which a file is read."""
    with tempfile.NamedTemporaryFile() as file, pytest.MonkeyPatch.context() as patch:
        patch.setattr("reporting.feeds.lines._BLOCK_BYTES", block)
        file.write(content)
        file.flush()
        found = []
        for lines in read_lines(Path(file.name), 400):
            assert len(lines.numbers) == len(lines.text)
            found += lines.numbers.tolist() + [bad.line for bad in lines.bad]
    assert sorted(found) == numbers_of_data_lines(content)


def lines_found(content: bytes, name: str, stream: str) -> list[int]:
    """Lines that ended as a row or in quarantine."""
    with tempfile.TemporaryDirectory() as folder:
        inbox = Inbox(Path(folder))
        inbox.deliver(name, content, stream)
        landing = inbox.land(max_line_bytes=400)
        if landing.files[0].staged is None:  # refused as a whole: the mark of UTF-16
            assert landing.findings[0].rule_id == "LAND-FORMAT"
            return numbers_of_data_lines(content)
        result = read(landing)
        good = [line for (line,) in result.rows(stream, "line")]
        (file,) = result.loaded.files
        assert file.rows_good == len(good)
        assert file.rows_read == len(good) + len(result.quarantine())
        return sorted(good + [line for line, _, _ in result.quarantine()])


@_WHOLE_WAY
@given(content=_CONTENTS)
def test_ndjson_rows_and_quarantine_make_the_file(content: bytes) -> None:
    assert lines_found(content, "t.ndjson", "trades") == numbers_of_data_lines(content)


@_WHOLE_WAY
@given(content=_CONTENTS)
def test_csv_rows_and_quarantine_make_the_file(content: bytes) -> None:
    content = MEMBERS.encode() + content
    assert lines_found(content, "m.csv", "members") == numbers_of_data_lines(content)[1:]


CONNECTION = duckdb.connect()
_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(max_size=12),
    st.sampled_from(["0.5", "a, 0.5]", '\\"', "\u20ac", "x, NaN, y"]),
)
_RECORDS = st.dictionaries(
    st.sampled_from(["trade_id", "ticker", "count", "yes_price", "other"]),
    st.recursive(
        _VALUES,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
        max_leaves=6,
    ),
)


@settings(max_examples=40, deadline=None)
@given(records=st.lists(_RECORDS, min_size=1, max_size=12), spaced=st.booleans())
def test_the_database_reads_json_as_exactly_as_python(records: list[dict], spaced: bool) -> None:
    """Both ways of splitting give the same text, whichever a record takes.

    Many records at once: a statement takes longer than the records in it.
    """
    separators = (" , ", " : ") if spaced else (",", ":")
    texts = [json.dumps(record, separators=separators, ensure_ascii=False) for record in records]
    texts = [text for text in texts if _is_utf_8(text)]
    if not texts:
        return
    stream = STREAMS["trades"]
    (batch,) = _json_batches(_lines(list(range(1, len(texts) + 1)), texts, []), stream)
    split = checks.json_values(CONNECTION.from_arrow(batch), stream).select("line, parts")
    found = dict(split.fetchall())
    assert found.keys() == set(range(1, len(texts) + 1))
    for line, text in enumerate(texts, start=1):
        exact = exactly(text)
        assert found[line] == exact or list(map(meaning, found[line])) == list(map(meaning, exact))


def _is_utf_8(text: str) -> bool:
    """What cannot be written as UTF-8 cannot stand in a file of it."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def exactly(text: str) -> list | None:
    """What the package's own reader finds in a line, nothing if it refuses it."""
    try:
        return json_text.values(text, STREAMS["trades"].column_names)
    except json_text.BadRecord:
        return None


def meaning(value: str | None) -> object:
    """A nested value may be spelled in two ways (\\u001f, \\u001F) but its numbers may not."""
    if value is None or not value.startswith(("[", "{")):
        return value
    return json.loads(value, parse_float=str, parse_int=str, parse_constant=str)


def test_a_fraction_takes_the_exact_way() -> None:
    """The property above would hold trivially if every record were split by Python."""
    stream = STREAMS["trades"]
    texts = [json.dumps(TRADE), trade(count=0.5), trade(yes_price="0.5"), '{"count": -0}']
    (batch,) = _json_batches(_lines([1, 2, 3, 4], texts, []), stream)
    by_python = [fields is not None for fields in batch.column("fields").to_pylist()]
    assert by_python == [False, True, False, True]
