-- grain: one row per market delivered that day, in its last state of the day
-- meaning: terms and state of markets as the venue published them, cast from text
-- owner: market operations
WITH numbered AS (
    SELECT
        landed.*,
        ROW_NUMBER() OVER (
            PARTITION BY landed.ticker
            ORDER BY files.sequence DESC, landed.file_sha256, landed.line DESC
        ) AS newest
    FROM land.markets AS landed
    JOIN land.files AS files
        ON files.business_date = landed.business_date
        AND files.file_sha256 = landed.file_sha256
    WHERE landed.business_date = $business_date
        AND files.status = 'LANDED'
)
SELECT
    business_date,
    ticker,
    event_ticker,
    status,
    COALESCE(result, '') AS result,
    COALESCE(market_type, '') AS market_type,
    COALESCE(title, '') AS title,
    COALESCE(subtitle, '') AS subtitle,
    COALESCE(yes_sub_title, '') AS yes_sub_title,
    COALESCE(strike_type, '') AS strike_type,
    floor_strike,
    cap_strike,
    custom_strike,
    CAST(CAST(open_time AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS TIMESTAMP) AS open_utc,
    CAST(CAST(close_time AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS TIMESTAMP) AS close_utc,
    CAST(CAST(expected_expiration_time AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS TIMESTAMP) AS expected_expiration_utc,
    CAST(CAST(expiration_time AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS TIMESTAMP) AS expiration_utc,
    COALESCE(LOWER(can_close_early), 'false') = 'true' AS can_close_early,
    CAST(COALESCE(
        CAST(last_price_dollars AS DECIMAL(18, 4)) * 10000,
        CAST(last_price AS DECIMAL(18, 2)) * 100
    ) AS BIGINT) AS last_price_centicents,
    CAST(CAST(COALESCE(open_interest_fp, open_interest) AS DECIMAL(18, 2)) * 100 AS BIGINT) AS open_interest_qty,
    CAST(CAST(COALESCE(volume_fp, volume) AS DECIMAL(18, 2)) * 100 AS BIGINT) AS volume_qty,
    CAST(COALESCE(
        CAST(settlement_value_dollars AS DECIMAL(18, 4)) * 10000,
        CAST(settlement_value AS DECIMAL(18, 4)) * 100
    ) AS BIGINT) AS settlement_value_centicents,
    mve_selected_legs,
    COALESCE(rules_primary, '') AS rules_primary,
    COALESCE(rules_secondary, '') AS rules_secondary,
    file_sha256,
    line
FROM numbered
WHERE newest = 1
