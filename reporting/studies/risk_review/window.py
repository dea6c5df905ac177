"""What a review reads of the lake: rows of a window of dates, table by table.

Belongs here: the SELECTs and nothing that follows from their rows. Each is bounded by dates, so
that what the lake holds of other dates changes nothing; where a statistic looks back beyond the
window, its own table did so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from reporting.studies.risk_review.parts import FULL_BELOW

Row = dict

_QUERIES = {
    # What is largest is named with it, ties by the order of the names.
    "cover": """
        SELECT business_date, count(*) AS scenarios,
            max(cover_1_centicents) AS cover_1,
            max(cover_2_centicents) AS cover_2,
            first(scenario_id ORDER BY cover_2_centicents DESC, scenario_id) AS scenario_id,
            first(family ORDER BY cover_2_centicents DESC, scenario_id) AS family,
            first(words ORDER BY cover_2_centicents DESC, scenario_id) AS words,
            first(cover_2_groups ORDER BY cover_2_centicents DESC, scenario_id) AS groups,
            first(prefunded_centicents ORDER BY cover_2_centicents DESC, scenario_id) AS prefunded,
            max(cover_1_centicents - cover_1_prefunded_centicents) AS excess_1,
            max(cover_2_centicents - prefunded_centicents) AS excess_2
        FROM stress.cover
        WHERE business_date BETWEEN $first AND $last
        GROUP BY business_date ORDER BY business_date""",
    "losses": """
        SELECT business_date, max(stressed_loss_centicents) AS loss,
            first(scenario_id ORDER BY stressed_loss_centicents DESC, scenario_id, affiliate_group)
                AS scenario_id,
            first(affiliate_group
                ORDER BY stressed_loss_centicents DESC, scenario_id, affiliate_group)
                AS affiliate_group
        FROM stress.group_losses
        WHERE business_date BETWEEN $first AND $last
        GROUP BY business_date ORDER BY business_date""",
    "families": """
        SELECT business_date, family, cover_1_centicents AS cover_1, cover_2_centicents AS cover_2,
            cover_2_scenario_id AS scenario_id, prefunded_centicents AS prefunded
        FROM stress.family_cover
        WHERE business_date BETWEEN $first AND $last
        ORDER BY family, business_date""",
    "reverse": """
        SELECT business_date, resolutions, proven, at_least, least_resolutions,
            excess_centicents AS excess, resources_centicents AS resources,
            independent_probability, correlated_probability, events, nodes, node_limit
        FROM stress.reverse
        WHERE business_date BETWEEN $first AND $last
        ORDER BY business_date""",
    "liquidity": """
        SELECT business_date, currency, failing_payers, affiliate_groups, scenario_id, words,
            outflow_centicents AS outflow, resources_centicents AS resources,
            first_resources_centicents AS first_resources, least_left_centicents AS least_left,
            hours, hours_survived, covered, floor_centicents AS floor, floor_days
        FROM stress.liquidity
        WHERE business_date BETWEEN $first AND $last
        ORDER BY business_date, currency, failing_payers""",
    "results": """
        SELECT *
        FROM stress.backtest_results
        WHERE business_date = (
            SELECT max(business_date) FROM stress.backtest_results
            WHERE business_date BETWEEN $first AND $last
        )
        ORDER BY horizon, portfolio, bucket <> 'all', bucket""",
    "observation_days": """
        SELECT business_date,
            count(*) FILTER (mine AND at_liquidation) AS due,
            count(*) FILTER (mine AND at_liquidation AND breach) AS due_breaches,
            count(*) FILTER (mine AND horizon_days = 1) AS next_close,
            count(*) FILTER (mine AND horizon_days = 1 AND breach) AS next_close_breaches,
            count(*) FILTER (NOT mine) AS made_up,
            count(*) FILTER (NOT mine AND breach) AS made_up_breaches,
            COALESCE(sum(loss_micros) FILTER (mine AND horizon_days = 1 AND loss_micros > 0), 0)
                AS lost_micros,
            COALESCE(max(uncovered_micros) FILTER (mine), 0) AS peak_micros,
            count(*) FILTER (
                mine AND at_liquidation AND margin_centicents >= worst_case_centicents
            ) AS full_margin
        FROM (
            SELECT *, portfolio = 'accounts' AS mine FROM stress.backtest_observations
            WHERE business_date BETWEEN $first AND $last
        )
        GROUP BY business_date ORDER BY business_date""",
    "breaches": """
        SELECT business_date, portfolio, book_id, book_date, horizon_days, at_liquidation,
            margin_centicents AS margin, loss_micros, uncovered_micros, cause, cluster
        FROM stress.backtest_observations
        WHERE business_date BETWEEN $first AND $last AND breach
        ORDER BY business_date, portfolio, book_id, horizon_days""",
    # Loss over margin in hundredths, rounded up, by nearest rank: that of the level and of all.
    # A loss without margin has no multiple and comes last.
    "enough": """
        WITH multiples AS (
            SELECT portfolio, CASE
                WHEN loss_micros <= 0 THEN 0
                WHEN margin_centicents > 0
                    THEN (loss_micros + margin_centicents - 1) // margin_centicents
            END AS hundredths
            FROM stress.backtest_observations
            WHERE business_date BETWEEN $first AND $last AND at_liquidation
        ),
        placed AS (
            SELECT *, row_number() OVER (PARTITION BY portfolio ORDER BY hundredths NULLS LAST)
                    AS place,
                count(*) OVER (PARTITION BY portfolio) AS observations
            FROM multiples
        ),
        levels AS (
            SELECT portfolio, max(required_coverage_bps) AS level
            FROM stress.backtest_results
            WHERE business_date = (
                SELECT max(business_date) FROM stress.backtest_results
                WHERE business_date BETWEEN $first AND $last
            )
            GROUP BY portfolio
        )
        SELECT portfolio,
            max(hundredths) FILTER (place = (observations * level + 9999) // 10000) AS level,
            max(hundredths) FILTER (place = observations) AS every
        FROM placed JOIN levels USING (portfolio)
        GROUP BY portfolio ORDER BY portfolio""",
    "constant_margin": """
        SELECT *
        FROM stress.procyclicality
        WHERE business_date BETWEEN $first AND $last
        ORDER BY category, business_date""",
    "metrics": """
        SELECT business_date, metric, scope_kind, scope, value
        FROM recompute.metrics
        WHERE business_date BETWEEN $first AND $last
            AND scope_kind IN ('venue', 'measure', 'custodian')
        ORDER BY business_date, metric, scope_kind, scope""",
    "unsecured_accounts": """
        SELECT business_date, count(*) AS accounts,
            first(scope ORDER BY value DESC, scope) AS account_id, max(value) AS value
        FROM recompute.metrics
        WHERE business_date BETWEEN $first AND $last
            AND metric = 'unsecured_peak' AND scope_kind = 'account'
        GROUP BY business_date ORDER BY business_date""",
    "trends": """
        SELECT *
        FROM recompute.metric_trends
        WHERE business_date = (
            SELECT max(business_date) FROM recompute.metric_trends
            WHERE business_date BETWEEN $first AND $last
        )
        ORDER BY metric, series""",
    "venue_days": """
        SELECT business_date, trades, weight_qty, open_qty, mean_square_e12
        FROM recompute.venue_days
        WHERE business_date BETWEEN $first AND $last
        ORDER BY business_date""",
    "variation": """
        SELECT business_date,
            sum(CASE WHEN amount_centicents < 0 THEN -amount_centicents ELSE 0 END) AS paid
        FROM recompute.cash_ledger
        WHERE business_date BETWEEN $first AND $last AND entry_kind = 'variation'
        GROUP BY business_date ORDER BY business_date""",
    # Of a value delivered twice the later delivery counts; the one before the first date shows
    # whether the first is stale.
    "closes": """
        SELECT series_id, trading_date, CAST(value AS DOUBLE) AS value
        FROM validate.benchmarks
        WHERE business_date <= $last AND trading_date <= $last AND measure = 'value'
            AND trading_date >= $first - INTERVAL 14 DAY
        QUALIFY row_number() OVER (
            PARTITION BY series_id, trading_date ORDER BY business_date DESC, value
        ) = 1
        ORDER BY series_id, trading_date""",
    "thresholds": """
        SELECT business_date, utilisation_bps, custodian_share_bps, volatility_coverage_bps
        FROM recompute.thresholds
        WHERE business_date BETWEEN $first AND $last
        ORDER BY business_date""",
    "breaks": """
        SELECT business_date, count(*) AS accounts,
            count(*) FILTER (status <> 'MATCH') AS breaks,
            count(*) FILTER (status <> 'MATCH' AND difference_centicents < 0) AS too_little,
            COALESCE(-sum(difference_centicents)
                FILTER (status <> 'MATCH' AND difference_centicents < 0), 0) AS under
        FROM recompute.margin_breaks
        WHERE business_date BETWEEN $first AND $last
        GROUP BY business_date ORDER BY business_date""",
    "findings": """
        SELECT rule_id, severity, business_date, count(*) AS findings,
            list(DISTINCT subject ORDER BY subject)[1:3] AS subjects
        FROM (
            SELECT * FROM land.findings UNION ALL BY NAME SELECT * FROM validate.findings
            UNION ALL BY NAME SELECT * FROM recompute.findings
            UNION ALL BY NAME SELECT * FROM stress.findings
        )
        WHERE business_date BETWEEN $first AND $last
        GROUP BY rule_id, severity, business_date
        ORDER BY rule_id, severity, business_date""",
    "errors": """
        SELECT DISTINCT business_date, rule_id, subject
        FROM (
            SELECT * FROM land.findings UNION ALL BY NAME SELECT * FROM validate.findings
            UNION ALL BY NAME SELECT * FROM recompute.findings
            UNION ALL BY NAME SELECT * FROM stress.findings
        )
        WHERE business_date BETWEEN $first AND $last AND severity = 'ERROR'
        ORDER BY business_date, rule_id, subject""",
    "files": """
        SELECT business_date, sender, stream, file_sha256, synthetic
        FROM land.files
        WHERE business_date BETWEEN $first AND $last AND status = 'LANDED'
        ORDER BY business_date, sender, stream, file_sha256""",
}


@dataclass(frozen=True)
class Window:
    """Rows of each table in the window, by date, and which stages were committed for each date.

    ``dates`` are those of the window that were run; amounts are centicents where a name says
    nothing else, quantities hundredths of a contract.
    """

    first: date
    last: date
    stages: Mapping[date, frozenset[str]]
    tables: Mapping[str, Sequence[Row]]

    @property
    def dates(self) -> list[date]:
        return sorted(at for at in self.stages if self.first <= at <= self.last)

    @property
    def full_collateral(self) -> bool:
        """Whether no date had leverage to speak of: then nothing can go wrong with margin."""
        values = [*self.metric("leverage").values(), *self.metric("margined_leverage").values()]
        return bool(values) and max(values) < FULL_BELOW

    def rows(self, table: str) -> Sequence[Row]:
        """The rows of one of the queries above."""
        return self.tables[table]

    def by_date(self, table: str) -> dict[date, Row]:
        """The rows of a query that has one a date."""
        return {row["business_date"]: row for row in self.tables[table]}

    def metric(self, name: str, scope_kind: str = "venue", scope: str = "") -> dict[date, int]:
        """A metric by date."""
        return {
            row["business_date"]: row["value"]
            for row in self.tables["metrics"]
            if (row["metric"], row["scope_kind"], row["scope"]) == (name, scope_kind, scope)
        }


def read_window(
    connection: duckdb.DuckDBPyConnection,
    stages: Mapping[date, frozenset[str]],
    first: date,
    last: date,
) -> Window:
    """Read the window from ``first`` to ``last``, both included."""
    tables = {}
    for name, query in _QUERIES.items():
        asked = {"first": first, "last": last} if "$first" in query else {"last": last}
        cursor = connection.execute(query, asked)
        names = [column[0] for column in cursor.description]
        tables[name] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return Window(first, last, stages, tables)
