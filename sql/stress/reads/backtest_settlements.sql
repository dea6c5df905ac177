-- grain: one row per market
-- meaning: first settlement after a date and the latest value known of it
SELECT ticker, MIN(business_date) AS settled_date,
    arg_max(settlement_value_centicents, business_date) AS value_centicents
FROM (
    SELECT ticker, business_date, settlement_value_centicents
    FROM recompute.settlements
    WHERE business_date = $business_date
    UNION ALL
    SELECT ticker, business_date, settlement_value_centicents
    FROM settlements_then
    WHERE business_date > $first
)
GROUP BY ticker
