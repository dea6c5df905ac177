-- grain: one row per override that is not withdrawn
-- meaning: numbers of the clearing house that somebody replaced by hand: the latest delivery of each override up to the date, until it is delivered as withdrawn; who, why, approved by whom and until when; with file and line of that delivery
-- owner: risk
-- column figure: number that was overridden
-- column subject: account, market, schedule version or other thing it is of
-- column old_value: value before, with its unit
-- column new_value: value put in its place, with its unit
-- column requester: who overrode it
-- column set_utc: since when it holds
-- column valid_until_date: last day on which it holds, empty if none was set
-- column status: in force, expired, or without end
WITH delivered AS (
    -- Two reads, not one up to the date: today's rows are in memory, the others in the lake.
    SELECT * FROM validate.overrides WHERE business_date = $business_date
    UNION ALL
    SELECT * FROM validate.overrides WHERE business_date < $business_date
),
latest AS (
    SELECT *, ROW_NUMBER() OVER (PARTITION BY override_id ORDER BY business_date DESC) AS newest
    FROM delivered
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    override_id,
    figure,
    subject,
    old_value,
    new_value,
    reason,
    requester,
    approver,
    set_utc,
    valid_until_date,
    CASE
        WHEN valid_until_date IS NULL THEN 'without end'
        WHEN valid_until_date < $business_date THEN 'expired'
        ELSE 'in force'
    END AS status,
    file_sha256,
    line
FROM latest
WHERE newest = 1
    AND (withdrawn_date IS NULL OR withdrawn_date > $business_date)
