-- grain: one row per member that traded
-- meaning: contracts (1e-2) traded on the date, each trade once for each side
SELECT accounts.member_id, CAST(SUM(ABS(sides.signed_qty)) AS BIGINT) AS volume_qty
FROM recompute.trade_sides AS sides
JOIN validate.accounts AS accounts
    ON accounts.account_id = sides.account_id
    AND accounts.business_date = sides.business_date
WHERE sides.business_date = $business_date
GROUP BY accounts.member_id
ORDER BY accounts.member_id
