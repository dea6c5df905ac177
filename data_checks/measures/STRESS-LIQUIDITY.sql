-- value: smallest amount of liquid resources left in any hour, dollars
-- bound: zero, dollars
-- must be: at least
SELECT
    least_left_centicents / 10000 AS value,
    0 AS bound,
    currency || ', ' || CAST(failing_payers AS VARCHAR) || ' failing' AS subject
FROM stress.liquidity
WHERE business_date = $business_date
ORDER BY least_left_centicents, currency, failing_payers
LIMIT 1
