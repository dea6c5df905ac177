SELECT
    SUM(initial_margin_micros) / 1000000 AS "ours, dollars",
    SUM(scanning_margin_micros) / 1000000 AS "scanning range (futures venue), dollars",
    SUM(conversion_micros) / 1000000 AS "conversion netting (decentralised venue), dollars",
    SUM(worst_case_micros) / 1000000 AS "worst case, dollars"
FROM recompute.peer_margin
WHERE business_date = $business_date
