SELECT
    scenario_id AS subject,
    'cover-2 ' || CAST(cover_2_centicents AS VARCHAR) || ', prefunded '
        || CAST(prefunded_centicents AS VARCHAR) || ' and '
        || CAST(assessments_centicents AS VARCHAR) || ' of assessments, centicents, groups ' || cover_2_groups AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM stress.cover
WHERE business_date = $business_date
    AND cover_2_centicents > prefunded_centicents + assessments_centicents
