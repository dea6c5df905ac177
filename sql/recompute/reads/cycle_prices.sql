-- grain: one row per contract
-- meaning: settlement value or mark of each contract at an intraday cycle, and its average daily volume
SELECT ticker,
    COALESCE(settlement_value_centicents, mark_centicents) AS value_centicents,
    settlement_value_centicents IS NOT NULL AS settled,
    total_volume_qty
        / (1 + date_diff('day', first_traded_date, $business_date)) AS daily_volume_qty
FROM recompute.cycle_marks
WHERE business_date = $business_date AND cycle = $cycle
