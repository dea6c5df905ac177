-- value: liquid resources, dollars
-- bound: average of members' average daily settlement pays, dollars
-- must be: at least
SELECT
    first_resources_centicents / 10000 AS value,
    floor_centicents / 10000 AS bound,
    currency AS subject
FROM stress.liquidity
WHERE business_date = $business_date
    AND failing_payers = 1
ORDER BY first_resources_centicents - floor_centicents, currency
LIMIT 1
