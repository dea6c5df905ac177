-- grain: one row per event that resolved early, up to the date
-- meaning: what losing margined books lost, and their worst cases
WITH resolved AS (
    -- Two reads: today's rows are in memory, the others in the lake.
    SELECT category, event_ticker, lost_micros, worst_case_micros
    FROM recompute.early_resolutions
    WHERE business_date = $business_date
    UNION ALL
    SELECT category, event_ticker, lost_micros, worst_case_micros
    FROM recompute.early_resolutions
    WHERE business_date < $business_date
)
SELECT category, lost_micros, worst_case_micros
FROM resolved
ORDER BY category, event_ticker
