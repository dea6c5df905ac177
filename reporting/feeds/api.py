"""The front of the feeds: what other packages may use.

``list_days``, ``land_day``, ``load`` take one business date from the drop folder to
temporary tables of text; ``fetch_day`` fills the drop folder from the public API.
"""

from reporting.feeds.drop_folder import list_days
from reporting.feeds.fetch import FetchSummary, fetch_day
from reporting.feeds.landing import land_day
from reporting.feeds.loading import Loaded, load
from reporting.feeds.records import KnownFile, LandedFile, Landing, Limits, Status
from reporting.feeds.store import Store, StoreError

__all__ = [
    "FetchSummary",
    "KnownFile",
    "LandedFile",
    "Landing",
    "Limits",
    "Loaded",
    "Status",
    "Store",
    "StoreError",
    "fetch_day",
    "land_day",
    "list_days",
    "load",
]
