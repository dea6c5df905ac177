WITH compared AS (
    SELECT
        *,
        -- Scenario losses are float64: they agree to a billionth of what can be lost, and
        -- rounding up can then take two amounts a centicent apart.
        1 + ABS(worst_case_micros) // 100000000000 AS tolerance,
        1 + ABS(add_ons_centicents) // 1000000000 AS add_ons_tolerance
    FROM recompute.replica_checks
    WHERE business_date = $business_date
)
SELECT
    account_id AS subject,
    'ours and the replica''s: worst case ' || CAST(worst_case_micros AS VARCHAR)
        || ' and ' || CAST(replica_worst_case_micros AS VARCHAR)
        || ' micros; expected shortfall ' || CAST(expected_shortfall_centicents AS VARCHAR)
        || ' and ' || CAST(replica_expected_shortfall_centicents AS VARCHAR)
        || ', core ' || CAST(core_centicents AS VARCHAR)
        || ' and ' || CAST(replica_core_centicents AS VARCHAR)
        || ', add-ons ' || CAST(add_ons_centicents AS VARCHAR)
        || ' and ' || CAST(replica_add_ons_centicents AS VARCHAR)
        || ', initial margin ' || CAST(initial_margin_centicents AS VARCHAR)
        || ' and ' || CAST(replica_initial_margin_centicents AS VARCHAR) || ' centicents' AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM compared
WHERE worst_case_micros <> replica_worst_case_micros
    OR ABS(expected_shortfall_centicents - replica_expected_shortfall_centicents) > tolerance
    OR ABS(core_centicents - replica_core_centicents) > tolerance
    OR ABS(add_ons_centicents - replica_add_ons_centicents) > add_ons_tolerance
    OR ABS(initial_margin_centicents - replica_initial_margin_centicents)
        > tolerance + add_ons_tolerance
