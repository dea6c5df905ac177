SELECT
    ages.call_id AS subject,
    'account ' || ages.account_id || ', in dispute since ' || CAST(ages.disputed_since AS VARCHAR) || ', '
        || CAST(ages.days_in_dispute AS VARCHAR) || ' days, '
        || CASE WHEN ages.dispute_stage = '' THEN 'without a stage' ELSE 'at stage ' || ages.dispute_stage END AS detail,
    ages.file_sha256,
    ages.line
FROM recompute.call_ages AS ages
JOIN recompute.thresholds AS thresholds
    ON thresholds.business_date = ages.business_date
WHERE ages.business_date = $business_date
    AND ages.delivered
    AND ages.in_dispute
    AND ages.days_in_dispute > thresholds.dispute_days
