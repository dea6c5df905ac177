-- grain: one row per margin call that the venue delivered that day, or that was open when last delivered
-- meaning: calls as they age from day to day: what is unmet by the venue's latest row, for how long it is late, and since when it is disputed; a call that was open and is not delivered any more is kept as it was last seen, until it is delivered as met or cancelled
-- owner: risk
-- column call_id: call
-- column delivered: is in the feed of the day
-- column first_seen: date of its first delivery
-- column last_seen: date of its latest delivery
-- column state: state by the latest delivery: issued, met, late, disputed or cancelled
-- column previous_state: state the day before, empty on its first day
-- column amount_centicents: amount called
-- column met_centicents: amount met
-- column unmet_centicents: what the latest row leaves unmet, 0 if cancelled
-- column outstanding_centicents: what was unmet when the business date ended
-- column issued_utc: issued at
-- column due_utc: due by
-- column met_utc: met at, empty if it is not
-- column late: met after it was due, or due and not met in full when the date ended
-- column hours_late: hours begun from when it was due until it was met in full, or until the date ended
-- column in_dispute: a dispute of it has no outcome yet
-- column dispute_stage: stage of the dispute
-- column dispute_outcome: outcome of the dispute
-- column disputed_since: first of the dates in a row on which it is in dispute
-- column days_in_dispute: days from then to the business date
-- column file_sha256: file of the latest delivery
-- column line: its line
WITH cycle AS (
    SELECT
        timezone('UTC', timezone('America/New_York', CAST($business_date AS DATE) + INTERVAL 1 DAY)) AS ended_utc
),
before AS (
    -- The latest date that has rows, not the one before: a date on which the calls could not
    -- be made has none, and what was open stays open.
    SELECT *
    FROM recompute.call_ages
    WHERE business_date = (
        SELECT MAX(earlier.business_date)
        FROM recompute.call_ages AS earlier
        WHERE earlier.business_date < $business_date
    )
),
today AS (
    SELECT *
    FROM recompute.calls
    WHERE business_date = $business_date
),
merged AS (
    SELECT
        today.call_id,
        today.account_id,
        TRUE AS delivered,
        before.first_seen,
        CAST($business_date AS DATE) AS last_seen,
        today.state,
        before.state AS previous_state,
        today.venue_amount_centicents AS amount_centicents,
        today.met_centicents,
        today.unmet_centicents,
        today.outstanding_centicents,
        today.issued_utc,
        today.due_utc,
        today.met_utc,
        today.late,
        today.in_dispute,
        today.dispute_stage,
        today.dispute_outcome,
        CASE WHEN before.in_dispute THEN before.disputed_since END AS disputed_since,
        today.file_sha256,
        today.line
    FROM today
    LEFT JOIN before
        ON before.call_id = today.call_id
    UNION ALL
    SELECT
        before.call_id,
        before.account_id,
        FALSE AS delivered,
        before.first_seen,
        before.last_seen,
        before.state,
        before.state AS previous_state,
        before.amount_centicents,
        before.met_centicents,
        before.unmet_centicents,
        before.unmet_centicents AS outstanding_centicents,
        before.issued_utc,
        before.due_utc,
        before.met_utc,
        before.late OR (before.unmet_centicents > 0 AND cycle.ended_utc > before.due_utc) AS late,
        before.in_dispute,
        before.dispute_stage,
        before.dispute_outcome,
        before.disputed_since,
        before.file_sha256,
        before.line
    FROM before
    CROSS JOIN cycle
    LEFT JOIN today
        ON today.call_id = before.call_id
    WHERE today.call_id IS NULL
        AND (before.unmet_centicents > 0 OR before.in_dispute)
),
aged AS (
    SELECT
        merged.*,
        CASE WHEN merged.in_dispute THEN COALESCE(merged.disputed_since, CAST($business_date AS DATE)) END
            AS in_dispute_since,
        cycle.ended_utc
    FROM merged
    CROSS JOIN cycle
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    call_id,
    account_id,
    delivered,
    COALESCE(first_seen, CAST($business_date AS DATE)) AS first_seen,
    last_seen,
    state,
    previous_state,
    amount_centicents,
    met_centicents,
    unmet_centicents,
    outstanding_centicents,
    issued_utc,
    due_utc,
    met_utc,
    late,
    CASE
        WHEN late THEN GREATEST(
            (
                date_diff('second', due_utc, CASE WHEN unmet_centicents = 0 THEN met_utc ELSE ended_utc END) + 3599
            ) // 3600,
            0
        )
        ELSE 0
    END AS hours_late,
    in_dispute,
    dispute_stage,
    dispute_outcome,
    in_dispute_since AS disputed_since,
    date_diff('day', in_dispute_since, CAST($business_date AS DATE)) AS days_in_dispute,
    file_sha256,
    line
FROM aged
