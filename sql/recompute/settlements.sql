-- grain: one row per market settled or amended that day
-- meaning: settlement value in force at the end of the day; previous_value_centicents is filled when it amends an earlier settlement; a revision that arrives after a higher one changes nothing
-- owner: clearing operations
-- column result: yes, no, scalar or void
-- column revision: 0, then 1, 2, ... for amendments
-- column settlement_value_centicents: what one YES pays
-- column previous_value_centicents: value before this amendment, empty for a first settlement
-- column previous_settlement_date: date of that earlier value
-- column settled_utc: when
WITH today AS (
    SELECT
        ticker,
        result,
        revision,
        settlement_value_centicents,
        settled_utc,
        ROW_NUMBER() OVER (PARTITION BY ticker ORDER BY revision DESC) AS newest
    FROM validate.settlement_periods
    WHERE business_date = $business_date
),
earlier AS (
    SELECT
        ticker,
        business_date AS previous_settlement_date,
        revision,
        settlement_value_centicents AS previous_value_centicents,
        ROW_NUMBER() OVER (PARTITION BY ticker ORDER BY business_date DESC) AS newest
    FROM recompute.settlements
    WHERE business_date < $business_date
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    today.ticker,
    today.result,
    today.revision,
    today.settlement_value_centicents,
    earlier.previous_value_centicents,
    earlier.previous_settlement_date,
    today.settled_utc
FROM today
LEFT JOIN earlier
    ON earlier.ticker = today.ticker
    AND earlier.newest = 1
WHERE today.newest = 1
    AND (earlier.revision IS NULL OR today.revision >= earlier.revision)
