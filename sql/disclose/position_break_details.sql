-- grain: one row per account and market with a differing position
-- meaning: position rebuilt from trades against the venue's snapshot
-- owner: risk
SELECT
    business_date,
    account_id,
    ticker,
    COALESCE(recomputed_qty, 0) AS recomputed_qty,
    COALESCE(venue_qty, 0) AS venue_qty,
    COALESCE(venue_qty, 0) - COALESCE(recomputed_qty, 0) AS difference_qty
FROM recompute.position_breaks
WHERE business_date = $business_date
    AND COALESCE(venue_qty, 0) <> COALESCE(recomputed_qty, 0)
ORDER BY ABS(COALESCE(venue_qty, 0) - COALESCE(recomputed_qty, 0)) DESC, account_id, ticker
