SELECT
    ticker AS subject,
    'range appears only in the subtitle: ' || COALESCE(NULLIF(subtitle, ''), yes_sub_title) AS detail,
    file_sha256,
    line
FROM validate.markets
WHERE business_date = $business_date
    AND status = 'finalized'
    AND result = 'yes'
    AND floor_strike IS NULL
    AND cap_strike IS NULL
    AND custom_strike IS NULL
    AND mve_selected_legs IS NULL
    AND COALESCE(NULLIF(subtitle, ''), yes_sub_title) <> ''
    AND (subtitle LIKE '%°%' OR yes_sub_title LIKE '%°%' OR strike_type <> '')
