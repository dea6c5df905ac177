-- grain: one row per measure and holder, the 50 largest holders of each measure
-- meaning: concentration of margin and open interest; shares in parts per million, Herfindahl index 0 to 10,000
-- owner: risk
WITH groups AS (
    SELECT
        COALESCE(members.affiliate_group, margin.member_id) AS holder,
        SUM(margin.initial_margin_centicents) AS amount
    FROM recompute.account_margin AS margin
    LEFT JOIN validate.members AS members
        ON members.member_id = margin.member_id
        AND members.business_date = margin.business_date
    WHERE margin.business_date = $business_date
    GROUP BY COALESCE(members.affiliate_group, margin.member_id)
),
holdings AS (
    SELECT 'margin by account' AS measure, account_id AS holder, initial_margin_centicents AS amount
    FROM recompute.account_margin
    WHERE business_date = $business_date
    UNION ALL
    SELECT 'margin by group' AS measure, holder, CAST(amount AS BIGINT) AS amount
    FROM groups
    UNION ALL
    SELECT 'worst-case loss by account' AS measure, account_id AS holder, worst_case_centicents AS amount
    FROM recompute.account_margin
    WHERE business_date = $business_date
    UNION ALL
    SELECT 'open interest by market' AS measure, ticker AS holder, open_interest_qty AS amount
    FROM recompute.open_interest
    WHERE business_date = $business_date
),
totals AS (
    SELECT measure, CAST(SUM(amount) AS BIGINT) AS total_amount, COUNT(*) AS holders
    FROM holdings
    WHERE amount > 0
    GROUP BY measure
),
shares AS (
    SELECT
        holdings.measure,
        holdings.holder,
        holdings.amount,
        totals.total_amount,
        totals.holders,
        CAST(holdings.amount AS DECIMAL(38, 0)) * 1000000 // totals.total_amount AS share_ppm,
        ROW_NUMBER() OVER (
            PARTITION BY holdings.measure ORDER BY holdings.amount DESC, holdings.holder
        ) AS holder_rank
    FROM holdings
    JOIN totals ON totals.measure = holdings.measure
    WHERE holdings.amount > 0
),
indexed AS (
    SELECT measure, CAST(SUM(share_ppm * share_ppm) AS BIGINT) // 100000000 AS herfindahl_index
    FROM shares
    GROUP BY measure
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    shares.measure,
    shares.holder_rank,
    shares.holder,
    shares.amount,
    shares.total_amount,
    shares.holders,
    CAST(shares.share_ppm AS BIGINT) AS share_ppm,
    CAST(indexed.herfindahl_index AS BIGINT) AS herfindahl_index
FROM shares
JOIN indexed ON indexed.measure = shares.measure
WHERE shares.holder_rank <= 50
ORDER BY shares.measure, shares.holder_rank
