SELECT
    event_ticker AS subject,
    'largest gap ' || CAST(ROUND(MAX(largest_gap_centicents), 2) AS VARCHAR) || ' centicents' AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM recompute.state_probabilities
WHERE business_date = $business_date
GROUP BY event_ticker
HAVING MAX(largest_gap_centicents) > 200
