"""What the PDF engine may read: the bundled styles and fonts, and charts made in memory.

Everything else is refused, and a refusal ends the pack: there is no reason for a pack to
ask for anything else, so a request for it is an attack or a fault.
"""

from urllib.parse import unquote

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from reporting.settings import ROOT

TEMPLATES = ROOT / "templates"
# A relative address in a page stays relative to this, and is refused like any other.
BASE_URL = "bundled:"
_TYPES = {".css": "text/css", ".woff2": "font/woff2"}


class RefusedRequest(FatalURLFetchingError):
    """A request for something that is not part of a pack; names the address."""


class BundledOnly(URLFetcher):
    """Serves ``bundled:<path>`` from ``templates/`` and ``chart:<name>`` from memory.

    ``charts`` maps a name to SVG text. ``requests`` lists every address asked for.
    """

    def __init__(self, charts: dict[str, str]) -> None:
        super().__init__(allowed_protocols=("bundled", "chart"), allow_redirects=False)
        self._charts = charts
        self.requests: list[str] = []

    def fetch(self, url: str, headers: dict | None = None) -> URLFetcherResponse:
        self.requests.append(url)
        scheme, _, rest = url.partition(":")
        if scheme == "chart" and rest in self._charts:
            svg = self._charts[rest].encode()
            return URLFetcherResponse(url, svg, {"Content-Type": "image/svg+xml"})
        if scheme == "bundled":
            path = (TEMPLATES / unquote(rest)).resolve()
            inside = path.is_relative_to(TEMPLATES) and path.suffix in _TYPES
            if inside and path.is_file():
                return URLFetcherResponse(
                    url, path.read_bytes(), {"Content-Type": _TYPES[path.suffix]}
                )
        raise RefusedRequest(f"the pack asked for {url[:200]!r}, which is not bundled")
