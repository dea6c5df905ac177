-- grain: one row per trade and side
-- meaning: who took which side, signed (YES bought is positive, NO bought negative), at the tape's price and quantity, with the fee recomputed from the schedule in force
-- owner: risk
SELECT
    sides.business_date,
    sides.trade_id,
    trades.ticker,
    contracts.event_ticker,
    sides.account_id,
    sides.collateralisation,
    sides.role,
    CASE WHEN sides.side = 'yes' THEN trades.count_qty ELSE -trades.count_qty END AS signed_qty,
    trades.yes_price_centicents AS price_centicents,
    trades.traded_utc AS executed_utc,
    -- Numerator in units of 1e-14 centicents, so that rounding up is exact.
    CAST(
        fees.rounding_centicents * (
            (
                CAST(
                    CASE
                        WHEN contracts.fee_type = 'fee_free' THEN 0
                        WHEN sides.role = 'taker' THEN fees.taker_rate_e4
                        WHEN contracts.fee_type = 'quadratic_with_maker_fees' THEN fees.maker_rate_e4
                        ELSE 0
                    END AS HUGEINT
                )
                * contracts.fee_multiplier_e4
                * trades.count_qty
                * trades.yes_price_centicents
                * (10000 - trades.yes_price_centicents)
                + CAST(100000000000000 AS HUGEINT) * fees.rounding_centicents
                - 1
            ) // (CAST(100000000000000 AS HUGEINT) * fees.rounding_centicents)
        ) AS BIGINT
    ) AS fee_centicents
FROM validate.trade_audit AS sides
JOIN validate.trades AS trades
    ON trades.trade_id = sides.trade_id
    AND trades.business_date = sides.business_date
JOIN recompute.contracts AS contracts
    ON contracts.ticker = trades.ticker
    AND contracts.business_date = sides.business_date
JOIN recompute.fee_schedule AS fees
    ON fees.business_date = sides.business_date
WHERE sides.business_date = $business_date
