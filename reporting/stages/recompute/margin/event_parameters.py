"""The rows of ``recompute.event_parameters``. The parameters are made in ``model/portfolio``."""

import pyarrow

from reporting.engine.declaration import schema_of, table
from reporting.model.portfolio.scenario_events import bucket_of
from reporting.model.portfolio.scenario_set import MarketScenarios
from reporting.stages.recompute.day_book import BOOK_TABLES


@table(
    "recompute.event_parameters",
    grain="one row per event, or contract of an event of separate binaries",
    meaning=(
        "assumptions of margin for each event under the schedule in force: legal class and"
        " liquidation period, cluster and correlation, the squared volatility ratios of its pool"
        " and the ratio v that margin uses, the share of the remaining information that the"
        " liquidation period reveals, and the chances of a resolution in it"
    ),
    reads=f"{BOOK_TABLES} validate.margin_schedule",
    columns="""
        event_ticker draws_name category series_ticker legal_class liquidation_days tau_seconds
        cluster rho kappa_bps bucket pool_observations moving_average_ratio stress_ratio
        ten_year_ratio volatility_ratio information gap_information lumps happens_probability
        by_probability early_probability resolves_in_period in_scenario_set legs_explain_mark
    """,
)
def parameter_rows(scenarios: MarketScenarios) -> pyarrow.Table:
    market, prices, records = scenarios.market, scenarios.prices, []
    for event in scenarios.events:
        parameters = event.parameters
        first = market.first_contract[event.event] + int(event.legs[0])
        records.append(
            {
                **vars(parameters),
                "event_ticker": market.events[event.event],
                "draws_name": event.name,
                "category": market.categories[event.event],
                "series_ticker": market.series[event.event],
                "tau_seconds": int(market.tau_seconds[event.event]),
                "bucket": bucket_of(int(market.tau_seconds[event.event])),
                "pool_observations": parameters.pool.observations,
                "moving_average_ratio": parameters.pool.moving_average,
                "stress_ratio": parameters.pool.stress,
                "ten_year_ratio": parameters.pool.ten_years,
                "in_scenario_set": bool(prices.row[first] >= 0),
                "legs_explain_mark": event.event not in prices.unexplained,
            }
        )
    return pyarrow.Table.from_pylist(records, schema_of("recompute.event_parameters"))
