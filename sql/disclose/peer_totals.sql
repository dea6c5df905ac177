-- grain: one row per collateralisation of positions
-- meaning: requirements of other kinds of venue for the same books, summed over accounts, with ours; number of accounts with a higher and with a lower requirement there
-- owner: risk
SELECT
    CAST($business_date AS DATE) AS business_date,
    collateralisation,
    COUNT(*) AS accounts,
    CAST(SUM(initial_margin_micros) AS BIGINT) AS initial_margin_micros,
    CAST(SUM(worst_case_micros) AS BIGINT) AS worst_case_micros,
    CAST(SUM(scanning_margin_micros) AS BIGINT) AS scanning_margin_micros,
    CAST(SUM(premium_paid_scanning_micros) AS BIGINT) AS premium_paid_scanning_micros,
    CAST(SUM(without_netting_micros) AS BIGINT) AS without_netting_micros,
    CAST(SUM(conversion_micros) AS BIGINT) AS conversion_micros,
    CAST(SUM(full_sets_micros) AS BIGINT) AS full_sets_micros,
    COUNT(*) FILTER (WHERE scanning_less_initial_micros > 0) AS scanning_above_initial,
    COUNT(*) FILTER (WHERE scanning_less_initial_micros < 0) AS scanning_below_initial,
    COUNT(*) FILTER (WHERE scanning_less_worst_case_micros > 0) AS scanning_above_worst_case,
    COUNT(*) FILTER (WHERE conversion_less_worst_case_micros > 0) AS conversion_above_worst_case
FROM recompute.peer_margin
WHERE business_date = $business_date
GROUP BY collateralisation
ORDER BY collateralisation DESC
