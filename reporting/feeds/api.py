"""The interface of the feeds: the only module that other packages may import.

``list_days``, ``land_day`` and ``load`` bring one business date from the drop folder into
temporary tables of text. ``progress`` says how complete the date is. ``arrivals`` and
``folder_changed_ns`` say whether anything new has arrived. ``fetch_day`` fills the drop folder
from the public API.
"""

from reporting.feeds.arrivals import Arrival, arrivals
from reporting.feeds.drop_folder import folder_changed_ns, list_days
from reporting.feeds.fetching.fetch import FetchSummary, fetch_day
from reporting.feeds.landing import land_day
from reporting.feeds.loading import load
from reporting.feeds.progress import Progress, progress
from reporting.feeds.records import KnownFile
from reporting.feeds.store import Store

__all__ = [
    "Arrival",
    "FetchSummary",
    "KnownFile",
    "Progress",
    "Store",
    "arrivals",
    "fetch_day",
    "folder_changed_ns",
    "land_day",
    "list_days",
    "load",
    "progress",
]
