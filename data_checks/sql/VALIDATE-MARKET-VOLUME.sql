-- A record counts once the market is final or a day past its close: until then its volume
-- may still grow, or be the one of the listing.
-- A market without any trade counts only if the tape began before it opened.
WITH finished AS (
    SELECT
        markets.ticker,
        markets.status,
        markets.volume_qty,
        markets.open_utc,
        markets.file_sha256,
        markets.line
    FROM validate.markets AS markets
    JOIN land.files AS files
        ON files.business_date = markets.business_date
        AND files.file_sha256 = markets.file_sha256
    WHERE markets.business_date = $business_date
        AND (markets.status = 'finalized' OR markets.close_utc + INTERVAL 1 DAY <= files.as_of_utc)
),
tape AS (
    SELECT
        finished.ticker,
        SUM(trades.count_qty) AS tape_qty
    FROM finished
    JOIN validate.trades AS trades
        ON trades.ticker = finished.ticker
    WHERE trades.business_date <= $business_date
    GROUP BY finished.ticker
),
started AS (
    SELECT MIN(traded_utc) AS first_trade_utc
    FROM validate.trades
    WHERE business_date <= $business_date
)
SELECT
    finished.ticker AS subject,
    'volume ' || CAST(finished.volume_qty AS VARCHAR) || ', tape '
        || CAST(COALESCE(tape.tape_qty, 0) AS VARCHAR) || ' (hundredths), status '
        || finished.status AS detail,
    finished.file_sha256,
    finished.line
FROM finished
CROSS JOIN started
LEFT JOIN tape
    ON tape.ticker = finished.ticker
WHERE finished.volume_qty <> COALESCE(tape.tape_qty, 0)
    AND (tape.ticker IS NOT NULL OR finished.open_utc >= started.first_trade_utc)
