-- grain: one row per override that is not withdrawn
-- meaning: numbers of the clearing house that were replaced by hand, those that should not stand first
-- owner: risk
-- column figure: number that was overridden
-- column subject: account, market, schedule version or other thing it is of
-- column old_value: value before, with its unit
-- column new_value: value put in its place, with its unit
-- column requester: who overrode it
-- column set_utc: since when it holds
-- column valid_until_date: last day on which it holds, empty if none was set
-- column status: in force, expired, or without end
SELECT
    business_date,
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
    status
FROM recompute.override_register
WHERE business_date = $business_date
ORDER BY
    CASE WHEN status = 'in force' THEN 1 ELSE 0 END,
    set_utc,
    override_id
