SELECT
    scenario_id AS subject,
    'cover-2 ' || CAST(cover_2_centicents AS VARCHAR) || ', prefunded '
        || CAST(prefunded_centicents AS VARCHAR) || ', centicents, groups ' || cover_2_groups AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM stress.cover
WHERE business_date = $business_date
    AND cover_2_centicents > prefunded_centicents
