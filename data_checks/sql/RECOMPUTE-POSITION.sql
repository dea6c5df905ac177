SELECT
    account_id || '/' || ticker AS subject,
    'venue ' || CAST(venue_qty AS VARCHAR) || ', rebuilt ' || CAST(recomputed_qty AS VARCHAR)
        || ' hundredths of a contract' AS detail,
    COALESCE(file_sha256, '') AS file_sha256,
    line
FROM recompute.position_breaks AS found
LEFT JOIN (
    SELECT account_id AS sent_account_id, ticker AS sent_ticker, file_sha256, line
    FROM validate.position_snapshot
    WHERE business_date = $business_date
        AND cycle = 'EOD'
) AS sent
    ON sent.sent_account_id = found.account_id AND sent.sent_ticker = found.ticker
WHERE business_date = $business_date
