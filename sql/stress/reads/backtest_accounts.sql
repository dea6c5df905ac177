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
        parameters.bucket, parameters.cluster,
        margin.worst_case_micros <= 0 OR margin.ramp_numerator >= margin.ramp_denominator AS is_full
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
ramped AS (
    SELECT account_id, bool_and(COALESCE(is_full, FALSE)) AS is_ramped
    FROM held
    GROUP BY account_id
),
margins AS (
    SELECT account_id, jump_to_resolution_centicents, expected_shortfall_centicents, value_at_risk_centicents,
        (margined_worst_case_micros + 99) // 100 AS worst_case_centicents,
        core_centicents, (fully_collateralised_worst_case_micros + 99) // 100 AS full_centicents
    FROM recompute.account_margin
    WHERE business_date = $business_date
)
SELECT 'accounts' AS portfolio, margins.account_id AS book_id, buckets.longest AS liquidation_days,
    margins.worst_case_centicents,
    LEAST(margins.core_centicents - full_centicents, worst_case_centicents) AS margin_centicents,
    margins.value_at_risk_centicents, margins.expected_shortfall_centicents,
    COALESCE(margins.jump_to_resolution_centicents, 0) AS jump_to_resolution_centicents,
    ramped.is_ramped, $alpha_bps AS alpha_bps,
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
JOIN ramped ON ramped.account_id = margins.account_id
LEFT JOIN recompute.liquidation_periods AS periods
    ON periods.account_id = margins.account_id AND periods.business_date = $business_date
ORDER BY margins.account_id
