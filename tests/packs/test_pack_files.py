"""Finished files: what is in them, that they repeat to the byte, and how failures are told."""

import hashlib
import io
import json
import os
import subprocess
import sys
from decimal import Decimal

import pytest
from lake_fixture import DAY
from pack_stand_in import write_files
from pypdf import PdfReader
from rendering import PROVENANCE

from reporting.packs import api

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("packs")]


def test_files_are_named_and_described(rendered) -> None:
    out, files = rendered
    assert [file.pack for file in files] == list(api.PACKS)
    assert sorted(path.name for path in out.iterdir()) == sorted(f.file_name for f in files)
    for file in files:
        assert file.file_name == f"2025-04-08-{file.pack}-confidential.pdf"
        data = (out / file.file_name).read_bytes()
        assert (file.bytes, file.sha256) == (len(data), hashlib.sha256(data).hexdigest())
        assert file.pages == len(PdfReader(io.BytesIO(data)).pages) < 25


def test_every_page_says_synthetic_and_its_number(rendered) -> None:
    out, files = rendered
    pages = PdfReader(out / files[2].file_name).pages
    for number, page in enumerate(pages, start=1):
        text = page.extract_text().replace(" ", "")
        assert "SYNTHETIC" in text, number
        assert number == 1 or f"Page{number}of{len(pages)}" in text


def test_documents_are_archival_tagged_and_titled(rendered) -> None:
    out, files = rendered
    for file in files:
        reader = PdfReader(out / file.file_name)
        catalog = reader.trailer["/Root"]
        assert catalog["/Lang"] == "en"
        assert catalog["/MarkInfo"]["/Marked"]
        assert "/StructTreeRoot" in catalog
        assert "/OutputIntents" in catalog
        assert "8 April 2025, confidential edition" in reader.metadata.title
        assert reader.metadata["/CreationDate"].startswith("D:20250408")
        titles = [entry.title for entry in reader.outline if not isinstance(entry, list)]
        assert "Summary" in titles
        assert any("Method, limits and sources" in title for title in titles)
        fonts = {
            font.get_object()["/BaseFont"]
            for page in reader.pages
            for font in page["/Resources"]["/Font"].get_object().values()
        }
        assert fonts
        assert all("Source-Sans" in name or "Source-Serif" in name for name in fonts), fonts


def test_alt_text_on_every_chart(rendered) -> None:
    out, files = rendered
    data = (out / files[2].file_name).read_bytes()
    reader = PdfReader(io.BytesIO(data))
    alternatives = [
        str(item["/Alt"])
        for item in map(reader.get_object, range(1, reader.trailer["/Size"]))
        if isinstance(item, dict) and item.get("/S") == "/Figure"
    ]
    assert any(text.startswith("Waterfall chart from a loss") for text in alternatives)
    assert all(alternatives)


def test_same_bytes_in_another_process_zone_and_hash_seed(rendered, raw_tables, tmp_path) -> None:
    _, files = rendered
    request = {
        "business_date": DAY.isoformat(),
        "edition": "confidential",
        "packs": ["default-management"],
        "provenance": PROVENANCE,
        "tables": {name: api._plain_rows(name, rows) for name, rows in raw_tables.items()},
    }
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "TZ": "Asia/Tokyo"}
    environment |= {"LC_ALL": "C", "MPLCONFIGDIR": str(tmp_path), "SOURCE_DATE_EPOCH": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "reporting.packs.child", str(tmp_path), str(4 * 2**30), "100"],
        input=json.dumps(request).encode(),
        capture_output=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    again = (tmp_path / "default-management.pdf").read_bytes()
    assert hashlib.sha256(again).hexdigest() == files[2].sha256


def test_a_request_of_any_size_arrives_whole(raw_tables, tmp_path) -> None:
    """More than goes through a pipe while the process is started."""
    large = {**raw_tables, "unread": [{"text": "x" * 2**27}]}
    (file,) = api.render_packs(
        large, DAY, tmp_path, packs=("default-management",), timeout_seconds=60
    )
    assert file.pages > 1


@pytest.mark.parametrize("mebibytes", [10, 60, 150])
def test_too_little_memory_is_told_in_a_line(raw_tables, tmp_path, mebibytes) -> None:
    """Too little for the interpreter, for the native libraries, for the packs."""
    words = rf"^packs of 2025-04-08: rendering needed more than {mebibytes} MiB of memory$"
    with pytest.raises(api.PackError, match=words):
        api.render_packs(raw_tables, DAY, tmp_path, memory_bytes=mebibytes * 2**20)
    assert list(tmp_path.iterdir()) == []


def test_what_grows_faster_than_is_looked_ends_at_the_address_space(tmp_path) -> None:
    program = (
        "import sys; from reporting.packs import child;"
        " child.render_request = lambda *_: bytearray(2**40); sys.exit(child.main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path), str(100 * 2**20), "60"],
        input=b"{}",
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert json.loads(done.stdout) == {"error": "rendering needed more than 100 MiB of memory"}


def test_too_little_time_is_told_in_a_line(raw_tables, tmp_path) -> None:
    with pytest.raises(api.PackError, match="longer than 1 s"):
        api.render_packs(raw_tables, DAY, tmp_path, timeout_seconds=1)
    assert list(tmp_path.iterdir()) == []


def test_wrong_requests_are_refused_before_rendering(raw_tables, tmp_path) -> None:
    with pytest.raises(api.PackError, match="edition 'public' is not on offer"):
        api.render_packs(raw_tables, DAY, tmp_path, edition="public")
    with pytest.raises(api.PackError, match=r"no pack '\.\./x'"):
        api.render_packs(raw_tables, DAY, tmp_path, packs=("../x",))
    with pytest.raises(api.PackError, match=r"disclose.t.amount: a float"):
        api.render_packs({**raw_tables, "t": [{"amount": 0.1}]}, DAY, tmp_path)
    with pytest.raises(api.PackError, match="a Decimal"):
        api.render_packs({**raw_tables, "t": [{"amount": Decimal("0.5")}]}, DAY, tmp_path)
    with pytest.raises(api.PackError, match="no table 'backtest_coverage'"):
        api.render_packs({}, DAY, tmp_path)


def test_packs_that_are_not_listed_are_set_aside_and_kept(tmp_path) -> None:
    """By name and hash; what is no PDF, and what was set aside before, stays."""
    listed = {"same.pdf": hashlib.sha256(b"same").hexdigest(), "other.pdf": "0" * 64}
    for name, content in (("same", b"same"), ("other", b"old"), ("gone", b"old")):
        (tmp_path / f"{name}.pdf").write_bytes(content)
    (tmp_path / "notes.txt").touch()
    start = hashlib.sha256(b"old").hexdigest()[:12]
    for _ in range(2):
        api.set_aside_all_but(tmp_path, listed)
        assert sorted(p.name for p in tmp_path.iterdir()) == ["notes.txt", "same.pdf", "superseded"]
        kept = {p.name: p.read_bytes() for p in (tmp_path / "superseded").iterdir()}
        assert kept == {f"{start}-other.pdf": b"old", f"{start}-gone.pdf": b"old"}
    api.set_aside_all_but(tmp_path / "no-such-folder", listed)


def test_a_pack_of_other_bytes_is_kept_when_it_is_made_again(
    raw_tables, tmp_path, monkeypatch
) -> None:
    """The same bytes leave nothing behind."""
    monkeypatch.setattr(api, "run_child", write_files)
    packs = ("default-management",)
    name = "2025-04-08-default-management-confidential.pdf"
    (tmp_path / name).write_bytes(b"old")
    (tmp_path / "another.pdf").write_bytes(b"of another call")
    for _ in range(2):
        (file,) = api.render_packs(raw_tables, DAY, tmp_path, packs=packs, provenance=PROVENANCE)
        assert hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() == file.sha256
        (kept,) = (tmp_path / "superseded").iterdir()
        assert kept.name == f"{hashlib.sha256(b'old').hexdigest()[:12]}-{name}"
    assert (tmp_path / "another.pdf").exists()
