-- Where the clearing house settles or amends on this date too, the other rules compare the two.
WITH in_force AS (
    SELECT
        ticker,
        business_date,
        result,
        revision,
        settlement_value_centicents,
        ROW_NUMBER() OVER (PARTITION BY ticker ORDER BY business_date DESC, revision DESC) AS newest
    FROM validate.settlement_periods
    WHERE business_date <= $business_date
)
SELECT
    published.ticker AS subject,
    'published ' || published.result
        || COALESCE(' at ' || CAST(published.settlement_value_centicents AS VARCHAR) || ' centicents', '')
        || ', settled ' || in_force.result || ' at '
        || CAST(in_force.settlement_value_centicents AS VARCHAR) || ' centicents on '
        || CAST(in_force.business_date AS VARCHAR)
        || ' (revision ' || CAST(in_force.revision AS VARCHAR) || ')' AS detail,
    published.file_sha256,
    published.line
FROM validate.markets AS published
JOIN in_force
    ON in_force.ticker = published.ticker
    AND in_force.newest = 1
WHERE published.business_date = $business_date
    AND in_force.business_date < $business_date
    AND published.result <> ''
    AND (published.result <> in_force.result
        OR published.settlement_value_centicents <> in_force.settlement_value_centicents)
