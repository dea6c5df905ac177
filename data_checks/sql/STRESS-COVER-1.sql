SELECT
    scenario_id AS subject,
    'cover-1 ' || CAST(cover_1_centicents AS VARCHAR) || ', prefunded '
        || CAST(cover_1_prefunded_centicents AS VARCHAR) || ' and '
        || CAST(cover_1_assessments_centicents AS VARCHAR) || ' of assessments, centicents, group ' || cover_1_group AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM stress.cover
WHERE business_date = $business_date
    AND cover_1_centicents > cover_1_prefunded_centicents + cover_1_assessments_centicents
