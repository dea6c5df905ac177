-- Parameters that are no JSON stop the margin (RECOMPUTE-NOT-MADE).
WITH versions AS (
    SELECT
        version,
        effective_date,
        json_extract_string(parameters, '$.consultation.committee') AS committee,
        json_extract_string(parameters, '$.consultation.date') AS consulted,
        json_extract_string(parameters, '$.consultation.decision') AS decision,
        file_sha256,
        line
    FROM validate.margin_schedule
    WHERE business_date = $business_date
        AND effective_date >= DATE '2024-07-12'
        AND json_valid(parameters)
)
SELECT
    version AS subject,
    'effective ' || CAST(effective_date AS VARCHAR) || ', consultation: committee "' || COALESCE(committee, '')
        || '", date "' || COALESCE(consulted, '') || '", decision "' || COALESCE(decision, '') || '"' AS detail,
    file_sha256,
    line
FROM versions
WHERE COALESCE(committee, '') = ''
    OR COALESCE(decision, '') = ''
    OR TRY_CAST(consulted AS DATE) IS NULL
