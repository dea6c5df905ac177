-- grain: one row per account whose cash flows differ from the venue's obligations
-- meaning: variation and fees recomputed against the venue's, the margin change beside them; a variation that the venue's own marks explain is left to the break of the mark, a margin change to the margin breaks; with file and line of the venue's row, empty where it has none
-- owner: risk
WITH ours AS (
    SELECT
        account_id,
        CAST(SUM(CASE WHEN entry_kind = 'variation' THEN amount_centicents ELSE 0 END) AS BIGINT) AS variation_centicents,
        CAST(SUM(CASE WHEN entry_kind = 'fees' THEN amount_centicents ELSE 0 END) AS BIGINT) AS fees_centicents
    FROM recompute.cash_ledger
    WHERE business_date = $business_date
        AND account_id NOT IN ('ROUNDING', 'VENUE')
    GROUP BY account_id
),
at_venue_marks AS (
    SELECT
        account_id,
        CAST(SUM(variation_at_venue_marks_micros) AS BIGINT) AS micros
    FROM recompute.variation
    WHERE business_date = $business_date
    GROUP BY account_id
),
margin_today AS (
    SELECT
        account_id,
        -initial_margin_centicents AS change_centicents
    FROM recompute.account_margin
    WHERE business_date = $business_date
),
margin_before AS (
    SELECT
        margin.account_id,
        margin.initial_margin_centicents AS change_centicents
    FROM recompute.account_margin AS margin
    JOIN recompute.days AS days
        ON days.previous_business_date = margin.business_date
    WHERE days.business_date = $business_date
),
-- Two reads, not one with OR: today's rows are in memory, the day before is in the lake.
margin AS (
    SELECT
        account_id,
        CAST(SUM(change_centicents) AS BIGINT) AS margin_change_centicents
    FROM (
        SELECT * FROM margin_today
        UNION ALL
        SELECT * FROM margin_before
    ) AS both_days
    GROUP BY account_id
),
theirs AS (
    SELECT
        account_id,
        variation_centicents,
        fees_centicents,
        margin_change_centicents,
        net_centicents - variation_centicents - fees_centicents - margin_change_centicents AS net_gap_centicents,
        file_sha256,
        line
    FROM validate.obligations
    WHERE business_date = $business_date
        AND cycle = 'EOD'
),
compared AS (
    SELECT
        COALESCE(ours.account_id, theirs.account_id) AS account_id,
        COALESCE(theirs.variation_centicents, 0) AS venue_variation_centicents,
        COALESCE(ours.variation_centicents, 0) AS recomputed_variation_centicents,
        COALESCE(at_venue_marks.micros, 0) AS at_venue_marks_micros,
        COALESCE(theirs.fees_centicents, 0) AS venue_fees_centicents,
        COALESCE(ours.fees_centicents, 0) AS recomputed_fees_centicents,
        COALESCE(theirs.margin_change_centicents, 0) AS venue_margin_change_centicents,
        COALESCE(margin.margin_change_centicents, 0) AS recomputed_margin_change_centicents,
        COALESCE(theirs.net_gap_centicents, 0) AS net_gap_centicents,
        COALESCE(theirs.file_sha256, '') AS file_sha256,
        theirs.line
    FROM ours
    FULL OUTER JOIN theirs
        ON theirs.account_id = ours.account_id
    LEFT JOIN margin
        ON margin.account_id = COALESCE(ours.account_id, theirs.account_id)
    LEFT JOIN at_venue_marks
        ON at_venue_marks.account_id = ours.account_id
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    account_id,
    venue_variation_centicents,
    recomputed_variation_centicents,
    -- Within half a centicent of the variation at the venue's own marks.
    venue_variation_centicents <> recomputed_variation_centicents
        AND ABS(venue_variation_centicents * 100 - at_venue_marks_micros) <= 50 AS explained_by_marks,
    venue_fees_centicents,
    recomputed_fees_centicents,
    venue_margin_change_centicents,
    recomputed_margin_change_centicents,
    net_gap_centicents,
    file_sha256,
    line
FROM compared
WHERE venue_variation_centicents <> recomputed_variation_centicents
    OR venue_fees_centicents <> recomputed_fees_centicents
    OR net_gap_centicents <> 0
