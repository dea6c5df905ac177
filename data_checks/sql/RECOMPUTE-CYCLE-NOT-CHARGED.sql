SELECT
    cycles.cycle AS subject,
    'the venue sent prices for the cycle but no margin requirement' AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM recompute.cycles AS cycles
WHERE cycles.business_date = $business_date
    AND cycles.cycle NOT IN (
        SELECT breaks.cycle
        FROM recompute.cycle_breaks AS breaks
        WHERE breaks.business_date = $business_date
    )
