-- grain: one row per account and kind of entry
-- meaning: postings of the day in centicents, positive = received; variation rounds half-even per account and the residue goes to the account ROUNDING, so that variation sums to exactly zero; fees go to the account VENUE
-- owner: finance
WITH per_account AS (
    SELECT
        account_id,
        CAST(SUM(variation_micros) AS BIGINT) AS variation_micros,
        CAST(SUM(fee_centicents) AS BIGINT) AS fee_centicents
    FROM recompute.variation
    WHERE business_date = $business_date
    GROUP BY account_id
),
split AS (
    SELECT
        account_id,
        fee_centicents,
        -- 100 micros are a centicent; the remainder is taken from 0 to 99 for either sign.
        ((variation_micros % 100) + 100) % 100 AS remainder_micros,
        (variation_micros - ((variation_micros % 100) + 100) % 100) // 100 AS floor_centicents
    FROM per_account
),
posted AS (
    SELECT
        account_id,
        fee_centicents,
        floor_centicents + CASE
            WHEN remainder_micros > 50 THEN 1
            WHEN remainder_micros = 50 AND floor_centicents % 2 <> 0 THEN 1
            ELSE 0
        END AS variation_centicents
    FROM split
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    account_id,
    'variation' AS entry_kind,
    variation_centicents AS amount_centicents
FROM posted
UNION ALL
SELECT
    CAST($business_date AS DATE) AS business_date,
    account_id,
    'fees' AS entry_kind,
    -fee_centicents AS amount_centicents
FROM posted
WHERE fee_centicents <> 0
UNION ALL
SELECT
    CAST($business_date AS DATE) AS business_date,
    'ROUNDING' AS account_id,
    'rounding' AS entry_kind,
    CAST(-COALESCE(SUM(variation_centicents), 0) AS BIGINT) AS amount_centicents
FROM posted
UNION ALL
SELECT
    CAST($business_date AS DATE) AS business_date,
    'VENUE' AS account_id,
    'fees' AS entry_kind,
    CAST(COALESCE(SUM(fee_centicents), 0) AS BIGINT) AS amount_centicents
FROM posted
