-- grain: one row per account
-- meaning: the accounts under backtest from the close of the date on, with the margin held against each
-- A settled or unpriced event has no worst case here: its account does not hold it. LEAST ignores
-- NULL, so that an unknown core would become the worst case.
WITH parameters AS (
    SELECT event_ticker, MAX(liquidation_days) AS liquidation_days, MAX(bucket) AS bucket,
        MAX(cluster) AS cluster
    FROM recompute.event_parameters
    WHERE business_date = $business_date
    GROUP BY event_ticker
),
held AS (
    SELECT margin.account_id, margin.worst_case_micros, parameters.liquidation_days,
        parameters.bucket, parameters.cluster
    FROM recompute.event_margin AS margin
    JOIN parameters ON parameters.event_ticker = margin.event_ticker
    WHERE margin.business_date = $business_date AND margin.collateralisation = 'margined'
),
buckets AS (
    SELECT account_id, bucket, MAX(liquidation_days) AS liquidation_days, row_number() OVER (
        PARTITION BY account_id ORDER BY SUM(worst_case_micros) DESC, bucket) AS place,
        MAX(MAX(liquidation_days)) OVER (PARTITION BY account_id) AS longest
    FROM held
    GROUP BY account_id, bucket
),
clusters AS (
    SELECT account_id, cluster, row_number() OVER (
        PARTITION BY account_id ORDER BY SUM(worst_case_micros) DESC, cluster) AS place
    FROM held
    GROUP BY account_id, cluster
),
margins AS (
    SELECT account_id, expected_shortfall_centicents, value_at_risk_centicents,
        (margined_worst_case_micros + 99) // 100 AS worst_case_centicents,
        core_centicents, (fully_collateralised_worst_case_micros + 99) // 100 AS full_centicents
    FROM recompute.account_margin
    WHERE business_date = $business_date
)
SELECT 'accounts' AS portfolio, margins.account_id AS book_id, buckets.longest AS liquidation_days,
    margins.worst_case_centicents,
    LEAST(margins.core_centicents - full_centicents, worst_case_centicents) AS margin_centicents,
    margins.value_at_risk_centicents, margins.expected_shortfall_centicents,
    $alpha_bps AS alpha_bps,
    CASE WHEN periods.one_day_core_centicents IS NOT NULL
        THEN LEAST(periods.one_day_core_centicents - full_centicents, worst_case_centicents)
    END AS one_day_margin_centicents,
    CASE WHEN periods.five_day_core_centicents IS NOT NULL
        THEN LEAST(periods.five_day_core_centicents - full_centicents, worst_case_centicents)
    END AS five_day_margin_centicents,
    buckets.bucket, clusters.cluster
FROM margins
JOIN buckets ON buckets.account_id = margins.account_id AND buckets.place = 1
JOIN clusters ON clusters.account_id = margins.account_id AND clusters.place = 1
LEFT JOIN recompute.liquidation_periods AS periods
    ON periods.account_id = margins.account_id AND periods.business_date = $business_date
ORDER BY margins.account_id
