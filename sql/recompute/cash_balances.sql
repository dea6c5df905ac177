-- grain: one row per account that ever had cash moved, and per account of the house: VENUE, ROUNDING, MARGIN and CUSTODY
-- meaning: opening balance + postings = closing balance, in centicents, positive = received by the account, posted on the date on which they are owed: variation, fees and rounding as recomputed; margin paid in and returned as the venue's obligations say, against MARGIN; cash put up and taken back as collateral, the change of what custodians hold, against CUSTODY, whose balance is all cash collateral
-- owner: finance
-- column opening_centicents: closing balance of the date before
-- column variation_centicents: variation, with settlements and their amendments
-- column fees_centicents: fees; received by VENUE
-- column rounding_centicents: residue of rounding, of ROUNDING only
-- column margin_centicents: margin returned less margin paid in, over the cycles of the date
-- column collateral_centicents: cash collateral taken back less put up
-- column closing_centicents: sum of the six before it
-- column cash_collateral_centicents: cash collateral held for the account when the date ends
-- column unpaid_centicents: net obligations of the date that the feed does not show as paid
WITH opening AS (
    SELECT
        balances.account_id,
        balances.closing_centicents,
        balances.cash_collateral_centicents
    FROM recompute.cash_balances AS balances
    JOIN recompute.days AS days
        ON days.previous_business_date = balances.business_date
    WHERE days.business_date = $business_date
),
obligations AS (
    SELECT
        account_id,
        margin_change_centicents,
        CASE WHEN paid_utc IS NULL THEN net_centicents ELSE 0 END AS unpaid_centicents
    FROM validate.obligations
    WHERE business_date = $business_date
),
cash AS (
    SELECT
        account_id,
        value_centicents
    FROM validate.collateral
    WHERE business_date = $business_date
        AND asset_type = 'cash'
),
-- Every posting has its own row, and its contra posting another.
posted AS (
    SELECT account_id, 'opening' AS kind, closing_centicents AS centicents
    FROM opening
    UNION ALL
    SELECT account_id, entry_kind AS kind, amount_centicents AS centicents
    FROM recompute.cash_ledger
    WHERE business_date = $business_date
    UNION ALL
    SELECT account_id, 'margin' AS kind, margin_change_centicents AS centicents
    FROM obligations
    UNION ALL
    SELECT 'MARGIN' AS account_id, 'margin' AS kind, COALESCE(-SUM(margin_change_centicents), 0) AS centicents
    FROM obligations
    UNION ALL
    SELECT account_id, 'collateral' AS kind, cash_collateral_centicents AS centicents
    FROM opening
    UNION ALL
    SELECT account_id, 'collateral' AS kind, -value_centicents AS centicents
    FROM cash
    UNION ALL
    SELECT 'CUSTODY' AS account_id, 'collateral' AS kind, COALESCE(-SUM(cash_collateral_centicents), 0) AS centicents
    FROM opening
    UNION ALL
    SELECT 'CUSTODY' AS account_id, 'collateral' AS kind, COALESCE(SUM(value_centicents), 0) AS centicents
    FROM cash
    UNION ALL
    SELECT account_id, 'held' AS kind, value_centicents AS centicents
    FROM cash
    UNION ALL
    SELECT account_id, 'unpaid' AS kind, unpaid_centicents AS centicents
    FROM obligations
),
summed AS (
    SELECT
        account_id,
        CAST(SUM(CASE WHEN kind = 'opening' THEN centicents ELSE 0 END) AS BIGINT) AS opening_centicents,
        CAST(SUM(CASE WHEN kind = 'variation' THEN centicents ELSE 0 END) AS BIGINT) AS variation_centicents,
        CAST(SUM(CASE WHEN kind = 'fees' THEN centicents ELSE 0 END) AS BIGINT) AS fees_centicents,
        CAST(SUM(CASE WHEN kind = 'rounding' THEN centicents ELSE 0 END) AS BIGINT) AS rounding_centicents,
        CAST(SUM(CASE WHEN kind = 'margin' THEN centicents ELSE 0 END) AS BIGINT) AS margin_centicents,
        CAST(SUM(CASE WHEN kind = 'collateral' THEN centicents ELSE 0 END) AS BIGINT) AS collateral_centicents,
        CAST(SUM(CASE WHEN kind IN ('held', 'unpaid') THEN 0 ELSE centicents END) AS BIGINT) AS closing_centicents,
        CAST(SUM(CASE WHEN kind = 'held' THEN centicents ELSE 0 END) AS BIGINT) AS cash_collateral_centicents,
        CAST(SUM(CASE WHEN kind = 'unpaid' THEN centicents ELSE 0 END) AS BIGINT) AS unpaid_centicents
    FROM posted
    GROUP BY account_id
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    account_id,
    opening_centicents,
    variation_centicents,
    fees_centicents,
    rounding_centicents,
    margin_centicents,
    collateral_centicents,
    closing_centicents,
    cash_collateral_centicents,
    unpaid_centicents
FROM summed
