-- grain: one row
-- meaning: settlement pays of the date in all, net per member and origin, and the number of members
WITH paid AS (
    SELECT accounts.member_id, accounts.origin,
        GREATEST(0, -SUM(obligations.variation_centicents)) AS paid_centicents
    FROM validate.obligations AS obligations
    JOIN validate.accounts AS accounts
        ON accounts.account_id = obligations.account_id
        AND accounts.business_date = obligations.business_date
    WHERE obligations.business_date = $business_date
    GROUP BY accounts.member_id, accounts.origin
)
SELECT
    CAST((SELECT COALESCE(SUM(paid_centicents), 0) FROM paid) AS BIGINT),
    (SELECT COUNT(*) FROM validate.members WHERE business_date = $business_date)
