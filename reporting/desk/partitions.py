"""Business dates as daily partitions, in New York time.

The first is the earliest day of the real history. The current day is included, so that its cycles
can be run as they arrive.
"""

import dagster as dg

BUSINESS_DATES = dg.DailyPartitionsDefinition(
    start_date="2023-12-24", timezone="America/New_York", end_offset=1
)
