SELECT
    SUM(venue_amount_centicents) / 10000 AS "called, dollars",
    SUM(outstanding_centicents) / 10000 AS "outstanding at the end of the date, dollars",
    COUNT(CASE WHEN late THEN 1 END) AS "late calls",
    COUNT(CASE WHEN in_dispute THEN 1 END) AS "calls in dispute"
FROM recompute.calls
WHERE business_date = $business_date
