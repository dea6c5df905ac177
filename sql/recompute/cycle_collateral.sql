-- grain: one row per intraday cycle, account, asset and custodian
-- meaning: collateral before haircut as it was known at the cycle: of the files of the date as of the cycle or before, the last row of each holding; without such a file, the collateral of the day before
-- owner: risk
-- only with: recompute.cycles
WITH sent AS (
    SELECT DISTINCT cycles.cycle
    FROM recompute.cycles AS cycles
    JOIN land.files AS files
        ON files.business_date = cycles.business_date
        AND files.as_of_utc <= cycles.cycle_utc
    WHERE cycles.business_date = $business_date
        AND files.stream = 'collateral'
        AND files.status = 'LANDED'
),
numbered AS (
    SELECT
        cycles.cycle,
        landed.account_id,
        landed.asset_type,
        landed.custodian,
        CAST(landed.value_centicents AS BIGINT) AS value_centicents,
        ROW_NUMBER() OVER (
            PARTITION BY cycles.cycle, landed.account_id, landed.asset_type, landed.custodian
            ORDER BY files.sequence DESC, landed.file_sha256, landed.line
        ) AS newest
    FROM land.collateral AS landed
    JOIN land.files AS files
        ON files.business_date = landed.business_date
        AND files.file_sha256 = landed.file_sha256
    JOIN recompute.cycles AS cycles
        ON cycles.business_date = landed.business_date
        AND cycles.cycle_utc >= files.as_of_utc
    WHERE landed.business_date = $business_date
        AND files.status = 'LANDED'
),
before AS (
    SELECT
        collateral.account_id,
        collateral.asset_type,
        collateral.custodian,
        collateral.value_centicents
    FROM validate.collateral AS collateral
    JOIN recompute.days AS days
        ON days.previous_business_date = collateral.business_date
    WHERE days.business_date = $business_date
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    cycle,
    account_id,
    asset_type,
    custodian,
    value_centicents
FROM numbered
WHERE newest = 1
UNION ALL
SELECT
    CAST($business_date AS DATE) AS business_date,
    cycles.cycle,
    before.account_id,
    before.asset_type,
    before.custodian,
    before.value_centicents
FROM before
CROSS JOIN recompute.cycles AS cycles
LEFT JOIN sent
    ON sent.cycle = cycles.cycle
WHERE cycles.business_date = $business_date
    AND sent.cycle IS NULL
