SELECT
    ticker AS subject,
    'mark ' || CAST(settlement_price_centicents AS VARCHAR) || ' centicents in cycle ' || cycle AS detail,
    file_sha256,
    line
FROM validate.market_price_snapshot
WHERE business_date = $business_date
    AND (settlement_price_centicents < 0 OR settlement_price_centicents > 10000)
