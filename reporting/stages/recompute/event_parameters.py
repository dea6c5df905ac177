"""The rows of ``recompute.event_parameters``. The parameters are made in ``model/portfolio``."""

from collections.abc import Sequence

import pyarrow

from reporting.engine.declaration import schema_of, table
from reporting.model.portfolio.market import Market
from reporting.model.portfolio.scenario_events import ScenarioEvent, bucket_of
from reporting.stages.recompute.day_book import BOOK_TABLES


@table(
    "recompute.event_parameters",
    grain="one row per event, or contract of an event of separate binaries",
    meaning=(
        "the assumptions of margin for each event under the schedule in force: legal class and"
        " liquidation period, cluster and correlation, the chance of a sudden resolution in plain"
        " and in stress scenarios, and the volatility of log-odds per square root of a day with its"
        " four parts"
    ),
    reads=f"{BOOK_TABLES} validate.margin_schedule",
    columns="""
        event_ticker draws_name category series_ticker legal_class liquidation_days tau_seconds
        cluster rho kappa_bps by_probability jump_probability stress_jump_probability bucket
        moving_average_volatility stress_volatility ten_year_volatility bridge_volatility sigma
        in_scenario_set
    """,
)
def parameter_rows(market: Market, events: Sequence[ScenarioEvent]) -> pyarrow.Table:
    records = []
    for event in events:
        parameters = event.parameters
        records.append(
            {
                **vars(parameters),
                "event_ticker": market.events[event.event],
                "draws_name": event.name,
                "category": market.categories[event.event],
                "series_ticker": market.series[event.event],
                "tau_seconds": int(market.tau_seconds[event.event]),
                "bucket": bucket_of(int(market.tau_seconds[event.event])),
                "moving_average_volatility": parameters.pool.moving_average,
                "stress_volatility": parameters.pool.stress,
                "ten_year_volatility": parameters.pool.ten_years,
                "bridge_volatility": parameters.bridge,
                "in_scenario_set": event.in_set,
            }
        )
    return pyarrow.Table.from_pylist(records, schema_of("recompute.event_parameters"))
