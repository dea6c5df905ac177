-- grain: one row per account, market and collateralisation
-- meaning: variation of the day in micros (1e-6 USD): the move of the opening position, the trades against the new mark, and amendments of settlements; at our marks and, to explain differences, at the venue's
-- owner: risk
WITH prices AS (
    SELECT
        ticker,
        CASE WHEN settled THEN settlement_value_centicents ELSE mark_centicents END AS closing_centicents,
        previous_mark_centicents,
        CASE
            WHEN settled THEN settlement_value_centicents
            ELSE COALESCE(venue_mark_centicents, mark_centicents)
        END AS venue_closing_centicents,
        COALESCE(previous_venue_mark_centicents, previous_mark_centicents) AS venue_previous_centicents
    FROM recompute.marks
    WHERE business_date = $business_date
),
carried AS (
    SELECT
        positions.account_id,
        positions.ticker,
        positions.collateralisation,
        CAST(positions.opening_qty AS HUGEINT)
            * (prices.closing_centicents - prices.previous_mark_centicents) AS micros,
        CAST(positions.opening_qty AS HUGEINT)
            * (prices.venue_closing_centicents - prices.venue_previous_centicents) AS venue_micros
    FROM recompute.positions AS positions
    JOIN prices
        ON prices.ticker = positions.ticker
    WHERE positions.business_date = $business_date
        AND positions.opening_qty <> 0
),
traded AS (
    SELECT
        sides.account_id,
        sides.ticker,
        sides.collateralisation,
        CAST(sides.signed_qty AS HUGEINT)
            * (prices.closing_centicents - sides.price_centicents) AS micros,
        CAST(sides.signed_qty AS HUGEINT)
            * (prices.venue_closing_centicents - sides.price_centicents) AS venue_micros
    FROM recompute.trade_sides AS sides
    JOIN prices
        ON prices.ticker = sides.ticker
    WHERE sides.business_date = $business_date
),
amended AS (
    SELECT
        positions.account_id,
        positions.ticker,
        positions.collateralisation,
        CAST(-positions.settled_qty AS HUGEINT) * (
            settlements.settlement_value_centicents - settlements.previous_value_centicents
        ) AS micros,
        CAST(-positions.settled_qty AS HUGEINT) * (
            settlements.settlement_value_centicents - settlements.previous_value_centicents
        ) AS venue_micros
    FROM recompute.settlements AS settlements
    JOIN recompute.positions AS positions
        ON positions.ticker = settlements.ticker
        AND positions.business_date < $business_date
        AND positions.settled_qty <> 0
    WHERE settlements.business_date = $business_date
        AND settlements.previous_value_centicents IS NOT NULL
),
flows AS (
    SELECT * FROM carried
    UNION ALL
    SELECT * FROM traded
    UNION ALL
    SELECT * FROM amended
),
summed AS (
    SELECT
        account_id,
        ticker,
        collateralisation,
        CAST(SUM(micros) AS BIGINT) AS variation_micros,
        CAST(SUM(venue_micros) AS BIGINT) AS variation_at_venue_marks_micros
    FROM flows
    GROUP BY account_id, ticker, collateralisation
),
fees AS (
    SELECT
        account_id,
        ticker,
        collateralisation,
        CAST(SUM(fee_centicents) AS BIGINT) AS fee_centicents
    FROM recompute.trade_sides
    WHERE business_date = $business_date
    GROUP BY account_id, ticker, collateralisation
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    summed.account_id,
    summed.ticker,
    summed.collateralisation,
    summed.variation_micros,
    summed.variation_at_venue_marks_micros,
    COALESCE(fees.fee_centicents, 0) AS fee_centicents
FROM summed
LEFT JOIN fees
    ON fees.account_id = summed.account_id
    AND fees.ticker = summed.ticker
    AND fees.collateralisation = summed.collateralisation
