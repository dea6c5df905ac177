-- grain: one row per account whose outstanding calls differ from its recomputed shortfall
-- meaning: what the venue calls against what we would call, beyond a millionth of the worst case and a centicent; an amount that the venue's own initial margin explains is left to the margin breaks; with file and line of the account's latest call, empty where there is none
-- owner: risk
WITH called AS (
    SELECT
        account_id,
        call_id,
        SUM(outstanding_centicents) OVER (PARTITION BY account_id) AS called_centicents,
        ROW_NUMBER() OVER (PARTITION BY account_id ORDER BY issued_utc DESC, call_id DESC) AS newest,
        file_sha256,
        line
    FROM recompute.calls
    WHERE business_date = $business_date
        AND outstanding_centicents > 0
),
theirs AS (
    SELECT *
    FROM called
    WHERE newest = 1
),
ours AS (
    SELECT
        account_id,
        call_centicents,
        -- As for the core, from which the initial margin is made.
        1 + worst_case_centicents // 1000000 AS tolerance_centicents
    FROM recompute.account_margin
    WHERE business_date = $business_date
),
compared AS (
    SELECT
        COALESCE(ours.account_id, theirs.account_id) AS account_id,
        COALESCE(theirs.call_id, '') AS call_id,
        CAST(COALESCE(theirs.called_centicents, 0) AS BIGINT) AS called_centicents,
        COALESCE(ours.call_centicents, 0) AS recomputed_call_centicents,
        COALESCE(ours.tolerance_centicents, 1) AS tolerance_centicents,
        COALESCE(theirs.file_sha256, '') AS file_sha256,
        theirs.line
    FROM ours
    FULL OUTER JOIN theirs
        ON theirs.account_id = ours.account_id
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    compared.account_id,
    compared.call_id,
    compared.called_centicents,
    compared.recomputed_call_centicents,
    compared.called_centicents - compared.recomputed_call_centicents AS difference_centicents,
    COALESCE(
        ABS(compared.called_centicents - breaks.call_at_venue_margin_centicents)
            <= compared.tolerance_centicents,
        FALSE
    ) AS explained_by_margin,
    compared.file_sha256,
    compared.line
FROM compared
LEFT JOIN recompute.margin_breaks AS breaks
    ON breaks.account_id = compared.account_id
    AND breaks.business_date = $business_date
WHERE ABS(compared.called_centicents - compared.recomputed_call_centicents) > compared.tolerance_centicents
