"""A view model into the bytes of a PDF: charts, HTML, layout, archival metadata.

Runs in the child process only. Same input, same bytes: dates come from the business
date, the identifier from pack, date and edition, fonts from the bundle.
"""

import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from reporting.packs.document import charts, fonts
from reporting.packs.document.charts.style import Style
from reporting.packs.document.fetcher import BASE_URL, TEMPLATES, BundledOnly
from reporting.packs.document.parts import Document
from reporting.packs.document.tables import cut
from reporting.wording import numbers

VENUE = "Event-contract clearing house — independent second line"
# Archival (embedded fonts and colours, attachments allowed) and tagged for assistive readers.
PDF_VARIANT = "pdf/a-3a"
# Longer than any sentence of ours: what is cut here came from data.
LONGEST_TEXT = 1_500


@dataclass(frozen=True)
class Setting:
    """What is common to all packs of a request. ``synthetic`` is empty for real data."""

    business_date: str
    edition: str
    synthetic: str
    provenance: tuple[tuple[str, str], ...]


class Renderer:
    """Holds what is costly to load: fonts, templates, chart style."""

    def __init__(self, chart_font: Path) -> None:
        """``chart_font``: the font of the charts, unpacked to TrueType."""
        logging.getLogger("fontTools").setLevel(logging.ERROR)
        self._shown = fonts.SafeText(fonts.text_characters())
        self._style = Style(chart_font, fonts.SafeText(fonts.chart_characters()))
        self._font_configuration = FontConfiguration()
        self._styles = [
            CSS(
                url=f"{BASE_URL}packs/{name}.css",
                url_fetcher=BundledOnly({}),
                font_config=self._font_configuration,
            )
            for name in ("page", "report")
        ]
        self._environment = SandboxedEnvironment(
            loader=FileSystemLoader(TEMPLATES / "packs"),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=self._printed,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def _printed(self, value):
        """Every value on its way to the page; mark-up made by our own macros passes."""
        if isinstance(value, str) and not isinstance(value, Markup):
            return self._shown(cut(value, LONGEST_TEXT))
        return value

    def render(self, document: Document, setting: Setting) -> tuple[bytes, int]:
        """The PDF and its number of pages."""
        html = self.html(document, setting)
        fetcher = BundledOnly(self.charts(document))
        laid_out = HTML(string=html, base_url=BASE_URL, url_fetcher=fetcher).render(
            font_config=self._font_configuration, stylesheets=self._styles
        )
        name = f"{document.name}/{setting.business_date}/{setting.edition}"
        pdf = laid_out.write_pdf(
            pdf_variant=PDF_VARIANT,
            pdf_identifier=hashlib.sha256(name.encode()).digest()[:16],
            # Whole fonts: subsetting depends on which font library a machine has.
            full_fonts=True,
        )
        return pdf, len(laid_out.pages)

    def html(self, document: Document, setting: Setting) -> str:
        short = setting.synthetic.partition(". ")[0].rstrip(".") + "."
        return self._environment.get_template("pack.html").render(
            document=document,
            venue=VENUE,
            edition=setting.edition,
            business_date=setting.business_date,
            date_words=numbers.day_in_words(setting.business_date),
            previous_words=numbers.day_in_words(document.previous_date),
            synthetic=setting.synthetic,
            synthetic_short=short,
            provenance=setting.provenance,
        )

    def charts(self, document: Document) -> dict[str, str]:
        """SVG by ``<section>-<item>``, as the template names the images."""
        drawn = {}
        for number, section in enumerate(document.sections):
            for place, item in enumerate(section.items):
                if getattr(item, "part", "") == "figure":
                    drawn[f"{number}-{place}"] = charts.FORMS[item.form](self._style, **item.data)
        return drawn
