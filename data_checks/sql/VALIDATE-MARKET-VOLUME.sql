WITH tape AS (
    SELECT
        ticker,
        SUM(count_qty) AS tape_qty
    FROM validate.trades
    WHERE business_date <= $business_date
        AND ticker IN (
            SELECT ticker FROM validate.markets
            WHERE business_date = $business_date AND status = 'finalized'
        )
    GROUP BY ticker
)
SELECT
    markets.ticker AS subject,
    'volume ' || CAST(markets.volume_qty AS VARCHAR) || ', tape ' || CAST(tape.tape_qty AS VARCHAR)
        || ' (hundredths)' AS detail,
    markets.file_sha256,
    markets.line
FROM validate.markets AS markets
JOIN tape
    ON tape.ticker = markets.ticker
WHERE markets.business_date = $business_date
    AND markets.status = 'finalized'
    AND markets.volume_qty IS NOT NULL
    AND markets.volume_qty <> tape.tape_qty
