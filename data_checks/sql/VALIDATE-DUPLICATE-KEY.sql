SELECT
    'members: ' || member_id AS subject,
    CAST(COUNT(*) AS VARCHAR) || ' rows with this key in one file' AS detail,
    file_sha256,
    MAX(line) AS line
FROM land.members
WHERE business_date = $business_date
GROUP BY file_sha256, member_id
HAVING COUNT(*) > 1
UNION ALL
SELECT
    'accounts: ' || account_id AS subject,
    CAST(COUNT(*) AS VARCHAR) || ' rows with this key in one file' AS detail,
    file_sha256,
    MAX(line) AS line
FROM land.accounts
WHERE business_date = $business_date
GROUP BY file_sha256, account_id
HAVING COUNT(*) > 1
UNION ALL
SELECT
    'trade_audit: ' || trade_id || '/' || side AS subject,
    CAST(COUNT(*) AS VARCHAR) || ' rows with this key in one file' AS detail,
    file_sha256,
    MAX(line) AS line
FROM land.trade_audit
WHERE business_date = $business_date
GROUP BY file_sha256, trade_id, side
HAVING COUNT(*) > 1
UNION ALL
SELECT
    'position_snapshot: ' || cycle || '/' || account_id || '/' || ticker AS subject,
    CAST(COUNT(*) AS VARCHAR) || ' rows with this key in one file' AS detail,
    file_sha256,
    MAX(line) AS line
FROM land.position_snapshot
WHERE business_date = $business_date
GROUP BY file_sha256, cycle, account_id, ticker
HAVING COUNT(*) > 1
UNION ALL
SELECT
    'market_price_snapshot: ' || cycle || '/' || ticker AS subject,
    CAST(COUNT(*) AS VARCHAR) || ' rows with this key in one file' AS detail,
    file_sha256,
    MAX(line) AS line
FROM land.market_price_snapshot
WHERE business_date = $business_date
GROUP BY file_sha256, cycle, ticker
HAVING COUNT(*) > 1
UNION ALL
SELECT
    'settlement_periods: ' || ticker || '/' || revision AS subject,
    CAST(COUNT(*) AS VARCHAR) || ' rows with this key in one file' AS detail,
    file_sha256,
    MAX(line) AS line
FROM land.settlement_periods
WHERE business_date = $business_date
GROUP BY file_sha256, ticker, revision
HAVING COUNT(*) > 1
UNION ALL
SELECT
    'margin_requirements: ' || cycle || '/' || account_id AS subject,
    CAST(COUNT(*) AS VARCHAR) || ' rows with this key in one file' AS detail,
    file_sha256,
    MAX(line) AS line
FROM land.margin_requirements
WHERE business_date = $business_date
GROUP BY file_sha256, cycle, account_id
HAVING COUNT(*) > 1
UNION ALL
SELECT
    'obligations: ' || cycle || '/' || account_id AS subject,
    CAST(COUNT(*) AS VARCHAR) || ' rows with this key in one file' AS detail,
    file_sha256,
    MAX(line) AS line
FROM land.obligations
WHERE business_date = $business_date
GROUP BY file_sha256, cycle, account_id
HAVING COUNT(*) > 1
UNION ALL
SELECT
    'margin_calls: ' || call_id AS subject,
    CAST(COUNT(*) AS VARCHAR) || ' rows with this key in one file' AS detail,
    file_sha256,
    MAX(line) AS line
FROM land.margin_calls
WHERE business_date = $business_date
GROUP BY file_sha256, call_id
HAVING COUNT(*) > 1
UNION ALL
SELECT
    'collateral: ' || account_id || '/' || asset_type || '/' || custodian AS subject,
    CAST(COUNT(*) AS VARCHAR) || ' rows with this key in one file' AS detail,
    file_sha256,
    MAX(line) AS line
FROM land.collateral
WHERE business_date = $business_date
GROUP BY file_sha256, account_id, asset_type, custodian
HAVING COUNT(*) > 1
UNION ALL
SELECT
    'guaranty_fund: ' || member_id AS subject,
    CAST(COUNT(*) AS VARCHAR) || ' rows with this key in one file' AS detail,
    file_sha256,
    MAX(line) AS line
FROM land.guaranty_fund
WHERE business_date = $business_date
GROUP BY file_sha256, member_id
HAVING COUNT(*) > 1
UNION ALL
SELECT
    'resources: ' || layer_id AS subject,
    CAST(COUNT(*) AS VARCHAR) || ' rows with this key in one file' AS detail,
    file_sha256,
    MAX(line) AS line
FROM land.resources
WHERE business_date = $business_date
GROUP BY file_sha256, layer_id
HAVING COUNT(*) > 1
UNION ALL
SELECT
    'margin_schedule: ' || version AS subject,
    CAST(COUNT(*) AS VARCHAR) || ' rows with this key in one file' AS detail,
    file_sha256,
    MAX(line) AS line
FROM land.margin_schedule
WHERE business_date = $business_date
GROUP BY file_sha256, version
HAVING COUNT(*) > 1
UNION ALL
SELECT
    'bids: ' || auction_id || '/' || lot_id || '/' || member_id AS subject,
    CAST(COUNT(*) AS VARCHAR) || ' rows with this key in one file' AS detail,
    file_sha256,
    MAX(line) AS line
FROM land.bids
WHERE business_date = $business_date
GROUP BY file_sha256, auction_id, lot_id, member_id
HAVING COUNT(*) > 1
UNION ALL
SELECT
    'benchmarks: ' || CONCAT_WS(
        '/', series_id, date, exchange, product_code, start_period, end_period, trade_date,
        product_type, put_call, strike_price, contract_year, contract_month
    ) AS subject,
    CAST(COUNT(*) AS VARCHAR) || ' rows with this key in one file' AS detail,
    file_sha256,
    MAX(line) AS line
FROM land.benchmarks
WHERE business_date = $business_date
GROUP BY
    file_sha256, series_id, date, exchange, product_code, start_period, end_period, trade_date,
    product_type, put_call, strike_price, contract_year, contract_month
HAVING COUNT(*) > 1
