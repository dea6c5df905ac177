-- grain: one row per customer account that holds less of an asset than on the date before
-- meaning: collateral that customers took back, beside the margin that the account then needs and what is left for it; with the owner's other accounts at the same member that have not met a call that is due; with file and line of what it still holds
-- owner: risk
-- column assets: what was taken back, in units of each asset
-- column beneficial_owner: owner of the account, by LEI or else by internal id; empty if unknown
-- column overdue_accounts: the owner's other accounts at the member with a call that is overdue and unmet
-- column shortfall_centicents: initial margin less collateral after haircut, if above 0
WITH held AS (
    SELECT account_id, asset_type, SUM(CAST(quantity AS DECIMAL(28, 12))) AS units,
        MIN(file_sha256) AS file_sha256, MIN(line) AS line
    FROM validate.collateral
    WHERE business_date = $business_date
    GROUP BY account_id, asset_type
),
held_before AS (
    SELECT collateral.account_id, collateral.asset_type, SUM(CAST(collateral.quantity AS DECIMAL(28, 12))) AS units
    FROM validate.collateral AS collateral
    JOIN recompute.days AS days
        ON days.previous_business_date = collateral.business_date
    WHERE days.business_date = $business_date
    GROUP BY collateral.account_id, collateral.asset_type
),
taken AS (
    SELECT
        held_before.account_id,
        STRING_AGG(
            held_before.asset_type || ' '
                || CAST(held_before.units - COALESCE(held.units, 0) AS DECIMAL(28, 2)),
            ', ' ORDER BY held_before.asset_type
        ) AS assets
    FROM held_before
    LEFT JOIN held
        ON held.account_id = held_before.account_id
        AND held.asset_type = held_before.asset_type
    WHERE held_before.units > COALESCE(held.units, 0)
    GROUP BY held_before.account_id
),
customers AS (
    SELECT
        account_id,
        member_id,
        COALESCE(NULLIF(owner_lei, ''), NULLIF(owner_id, ''), '') AS beneficial_owner
    FROM validate.accounts
    WHERE business_date = $business_date
        AND origin = 'customer'
),
overdue AS (
    SELECT DISTINCT customers.account_id, customers.member_id, customers.beneficial_owner
    FROM recompute.calls AS calls
    JOIN customers
        ON customers.account_id = calls.account_id
    WHERE calls.business_date = $business_date
        AND calls.late
        AND calls.unmet_centicents > 0
        AND customers.beneficial_owner <> ''
),
overdue_by_account AS (
    SELECT
        customers.account_id,
        STRING_AGG(overdue.account_id, ' ' ORDER BY overdue.account_id) AS overdue_accounts
    FROM customers
    JOIN overdue
        ON overdue.member_id = customers.member_id
        AND overdue.beneficial_owner = customers.beneficial_owner
        AND overdue.account_id <> customers.account_id
    GROUP BY customers.account_id
),
sources AS (
    SELECT account_id, MIN(file_sha256) AS file_sha256, MIN(line) AS line
    FROM held
    GROUP BY account_id
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    taken.account_id,
    customers.member_id,
    customers.beneficial_owner,
    taken.assets,
    COALESCE(margin.initial_margin_centicents, 0) AS initial_margin_centicents,
    COALESCE(margin.collateral_value_centicents, 0) AS collateral_value_centicents,
    GREATEST(0, COALESCE(margin.initial_margin_centicents - margin.collateral_value_centicents, 0))
        AS shortfall_centicents,
    COALESCE(overdue_by_account.overdue_accounts, '') AS overdue_accounts,
    COALESCE(sources.file_sha256, '') AS file_sha256,
    sources.line
FROM taken
JOIN customers
    ON customers.account_id = taken.account_id
LEFT JOIN recompute.account_margin AS margin
    ON margin.account_id = taken.account_id
    AND margin.business_date = $business_date
LEFT JOIN overdue_by_account
    ON overdue_by_account.account_id = taken.account_id
LEFT JOIN sources
    ON sources.account_id = taken.account_id
