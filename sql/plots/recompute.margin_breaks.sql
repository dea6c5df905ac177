SELECT
    COUNT(CASE WHEN status <> 'MATCH' THEN 1 END) AS "accounts with a break",
    COUNT(CASE WHEN status IN ('UNDER', 'MISSING') THEN 1 END) AS "accounts charged too little",
    COUNT(CASE WHEN initial_unexplained OR core_unexplained OR worst_case_unexplained THEN 1 END)
        AS "accounts with an unexplained difference",
    SUM(venue_initial_centicents) / 10000 AS "charged by the venue, dollars",
    SUM(difference_centicents) / 10000 AS "charged less recomputed, dollars",
    SUM(ABS(residual_centicents)) / 10000 AS "unexplained over all accounts, dollars"
FROM recompute.margin_breaks
WHERE business_date = $business_date
