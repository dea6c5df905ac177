-- grain: one row per version of the margin schedule that arrived or was changed that day, and changed parameter
-- meaning: who changed what and when: parameters of a new version against the version before it, of a version delivered again against its earlier delivery; nested parameters have dotted names, values are JSON; a row in brackets is of the version itself; with file and line of the version
-- owner: risk
WITH RECURSIVE today AS (
    SELECT
        version,
        effective_date,
        approver,
        reason,
        -- What cannot be read is one value.
        CASE WHEN JSON_VALID(parameters) THEN parameters ELSE CAST(TO_JSON(parameters) AS VARCHAR) END AS parameters,
        file_sha256,
        line
    FROM validate.margin_schedule
    WHERE business_date = $business_date
),
sent AS (
    SELECT
        version,
        effective_date,
        approver,
        reason,
        CASE WHEN JSON_VALID(parameters) THEN parameters ELSE CAST(TO_JSON(parameters) AS VARCHAR) END AS parameters,
        ROW_NUMBER() OVER (PARTITION BY version ORDER BY business_date DESC) AS newest
    FROM validate.margin_schedule
    WHERE business_date < $business_date
),
earlier AS (
    SELECT version, effective_date, approver, reason, parameters
    FROM sent
    WHERE newest = 1
),
known AS (
    SELECT version, effective_date, parameters
    FROM today
    UNION ALL
    SELECT version, effective_date, parameters
    FROM earlier
    WHERE version NOT IN (SELECT version FROM today)
),
ordered AS (
    SELECT
        version,
        LAG(version) OVER (ORDER BY effective_date, version) AS version_before,
        LAG(effective_date) OVER (ORDER BY effective_date, version) AS date_before,
        LAG(parameters) OVER (ORDER BY effective_date, version) AS parameters_before
    FROM known
),
changed AS (
    SELECT
        today.version,
        CASE
            WHEN earlier.version IS NOT NULL THEN 'amended version'
            WHEN (SELECT COUNT(*) FROM earlier) = 0 THEN 'first delivery'
            ELSE 'new version'
        END AS change,
        COALESCE(earlier.version, ordered.version_before) AS old_version,
        CASE WHEN earlier.version IS NULL THEN ordered.date_before ELSE earlier.effective_date END AS old_effective_date,
        COALESCE(earlier.parameters, ordered.parameters_before) AS old_parameters,
        earlier.approver AS old_approver,
        earlier.reason AS old_reason,
        today.effective_date,
        today.approver,
        today.reason,
        today.parameters,
        today.file_sha256,
        today.line
    FROM today
    JOIN ordered
        ON ordered.version = today.version
    LEFT JOIN earlier
        ON earlier.version = today.version
),
opened AS (
    SELECT version, 'new' AS side, '' AS parameter, parameters AS json
    FROM changed
    UNION ALL
    SELECT version, 'old' AS side, '' AS parameter, old_parameters AS json
    FROM changed
    WHERE old_parameters IS NOT NULL
    UNION ALL
    SELECT
        version,
        side,
        CASE WHEN parameter = '' THEN name ELSE parameter || '.' || name END AS parameter,
        -- A JSON pointer, in which no name can be taken for a path.
        CAST(JSON_EXTRACT(json, '/' || REPLACE(REPLACE(name, '~', '~0'), '/', '~1')) AS VARCHAR) AS json
    FROM (
        SELECT version, side, parameter, json, UNNEST(JSON_KEYS(json)) AS name
        FROM opened
        WHERE JSON_TYPE(json) = 'OBJECT'
    ) AS objects
),
leaves AS (
    SELECT
        version,
        CASE WHEN parameter = '' THEN '(parameters)' ELSE parameter END AS parameter,
        MAX(CASE WHEN side = 'old' THEN json END) AS old_value,
        MAX(CASE WHEN side = 'new' THEN json END) AS new_value
    FROM opened
    WHERE JSON_TYPE(json) <> 'OBJECT' OR json = '{}'
    GROUP BY version, parameter
),
compared AS (
    SELECT version, parameter, old_value, new_value
    FROM leaves
    UNION ALL
    SELECT version, '(version)' AS parameter, old_version AS old_value, version AS new_value
    FROM changed
    WHERE change <> 'amended version'
    UNION ALL
    SELECT
        version,
        '(effective date)' AS parameter,
        CAST(old_effective_date AS VARCHAR) AS old_value,
        CAST(effective_date AS VARCHAR) AS new_value
    FROM changed
    UNION ALL
    SELECT version, '(approver)' AS parameter, old_approver AS old_value, approver AS new_value
    FROM changed
    WHERE change = 'amended version'
    UNION ALL
    SELECT version, '(reason)' AS parameter, old_reason AS old_value, reason AS new_value
    FROM changed
    WHERE change = 'amended version'
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    changed.version,
    changed.change,
    changed.old_version,
    compared.parameter,
    compared.old_value,
    compared.new_value,
    changed.effective_date,
    changed.old_effective_date,
    changed.change = 'amended version' AND changed.old_effective_date <= $business_date AS after_effect,
    changed.approver,
    changed.reason,
    changed.file_sha256,
    changed.line
FROM compared
JOIN changed
    ON changed.version = compared.version
WHERE compared.old_value IS DISTINCT FROM compared.new_value
