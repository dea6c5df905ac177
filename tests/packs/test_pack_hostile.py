"""Data that try to become mark-up, templates, addresses or invisible text."""

import copy

import pytest
from jinja2.exceptions import SecurityError, UndefinedError
from weasyprint import HTML

from reporting.packs.daily import pack as daily_risk_and_margin
from reporting.packs.default import pack as default_management
from reporting.packs.document.fetcher import BASE_URL, BundledOnly, RefusedRequest
from reporting.packs.document.fonts import SafeText, text_characters
from reporting.packs.document.parts import Figure
from reporting.packs.document.render import Setting
from reporting.packs.document.tables import cut

SETTING = Setting("2025-04-08", "confidential", "", (("Snapshot", "<b>{{ 7*7 }}</b>"),))
HOSTILE = (
    "<img src=file:///etc/passwd>",
    "</td></tr></table><script>alert(1)</script>",
    "{{ 7 * 7 }}{% include '/etc/passwd' %}",
    "=cmd|' /C calc'!A0",
    "\u202egnp.exe\u0000\u0007\x1b[31m\ufeff",
    "K" * 5000,
    "שלום مرحبا 你好 \U0001f4a5",
    "$\\frac{a}{b}$ $$",
    "url(http://127.0.0.1:9/x)",
)


def _poisoned(tables: dict, text: str) -> dict:
    poisoned = copy.deepcopy(tables)
    for rows in poisoned.values():
        for row in rows:
            for name in ("member_name", "ticker", "detail", "subject", "words", "party_name"):
                if isinstance(row.get(name), str):
                    row[name] = text
    return poisoned


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(tables, renderer, text) -> None:
    pack = daily_risk_and_margin.view(_poisoned(tables, text))
    html = renderer.html(pack, SETTING)
    assert "<script" not in html
    assert "<img src=file" not in html
    figures = [i for section in pack.sections for i in section.items if isinstance(i, Figure)]
    assert html.count("<img ") == len(figures) == 13
    assert "49" not in html.split("Prepared from")[1].split("</header>")[0]
    for character in "\u202e\x00\x07\x1b\ufeff":
        assert character not in html


@pytest.mark.slow
def test_hostile_pack_renders_within_bounds(tables, renderer) -> None:
    mixed = _poisoned(tables, " ".join(HOSTILE))
    pdf, pages = renderer.render(default_management.view(mixed), SETTING)
    assert pdf.startswith(b"%PDF-1.7")
    assert pages < 25


def test_long_text_is_cut_by_what_it_takes_to_print() -> None:
    assert cut("abc", 3) == "abc"
    assert cut("abcd", 3) == "abc… (+1 characters)"
    assert cut("a" + "\u202e" * 9, 21) == "a\u202e\u202e… (+7 characters)"


def test_characters_without_a_glyph_are_spelled_out() -> None:
    shown = SafeText(text_characters())
    assert shown("Zürich Łódź Ελλάς Москва 5½ −3") == "Zürich Łódź Ελλάς Москва 5½ −3"
    assert shown("a\u202eb\tc") == "a[U+202E]b[U+0009]c"
    assert shown("\U0001f4a5") == "[U+1F4A5]"


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:9/x",
        "data:text/plain,x",
        "bundled:../pyproject.toml",
        "bundled:packs/../../pyproject.toml",
        "bundled:packs/pack.html",
        "bundled:/etc/passwd",
        "relative.png",
        "chart:none",
    ],
)
def test_any_other_request_ends_the_pack(url) -> None:
    fetcher = BundledOnly({"0-0": "<svg/>"})
    with pytest.raises(RefusedRequest, match="not bundled"):
        HTML(string=f'<img src="{url}" alt="x">', base_url=BASE_URL, url_fetcher=fetcher).render()


def test_the_sandbox_and_strict_names_are_on(renderer) -> None:
    environment = renderer._environment
    with pytest.raises(SecurityError):
        environment.from_string("{{ ''.__class__.__mro__ }}").render()
    with pytest.raises(UndefinedError):
        environment.from_string("{{ nothing }}").render()
