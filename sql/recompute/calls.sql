-- grain: one row per margin call
-- meaning: the venue's margin calls with their timeliness and what of them is outstanding when the business date ends, beside the shortfall that we recompute for the account; with file and line of the call
-- owner: risk
WITH cycle AS (
    SELECT
        timezone('UTC', timezone('America/New_York', CAST($business_date AS DATE) + INTERVAL 1 DAY)) AS ended_utc
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    calls.call_id,
    calls.account_id,
    calls.amount_centicents AS venue_amount_centicents,
    COALESCE(margin.call_centicents, 0) AS recomputed_amount_centicents,
    calls.met_centicents,
    -- What is met by then is collateral of the day; what is met later is not.
    CASE
        WHEN calls.state = 'cancelled' THEN 0
        WHEN calls.met_utc <= cycle.ended_utc THEN GREATEST(calls.amount_centicents - calls.met_centicents, 0)
        ELSE calls.amount_centicents
    END AS outstanding_centicents,
    -- By the venue's row as it stands, whenever it was met; an amount without a time is not met.
    CASE
        WHEN calls.state = 'cancelled' THEN 0
        WHEN calls.met_utc IS NULL THEN calls.amount_centicents
        ELSE GREATEST(calls.amount_centicents - calls.met_centicents, 0)
    END AS unmet_centicents,
    calls.state,
    calls.issued_utc,
    calls.due_utc,
    calls.met_utc,
    calls.dispute_stage,
    calls.dispute_outcome,
    -- A dispute ends with its outcome, or with the call; being paid under protest does not end it.
    calls.state <> 'cancelled'
        AND calls.dispute_outcome = ''
        AND (calls.state = 'disputed' OR calls.dispute_stage <> '') AS in_dispute,
    -- Late is what was met after it was due, and what is not met in full once the business date
    -- ends after that. Nothing is owed of a cancelled call.
    calls.state <> 'cancelled' AND (
        calls.state = 'late'
        OR COALESCE(calls.met_utc > calls.due_utc, FALSE)
        OR (cycle.ended_utc > calls.due_utc AND (calls.met_utc IS NULL OR calls.met_centicents < calls.amount_centicents))
    ) AS late,
    calls.file_sha256,
    calls.line
FROM validate.margin_calls AS calls
CROSS JOIN cycle
LEFT JOIN recompute.account_margin AS margin
    ON margin.account_id = calls.account_id
    AND margin.business_date = $business_date
WHERE calls.business_date = $business_date
