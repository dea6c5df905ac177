SELECT
    override_id AS subject,
    'status ' || status || COALESCE(', valid until ' || CAST(valid_until_date AS VARCHAR), '') || ': ' || figure || ' of ' || subject || ' is still ' || new_value || ' in place of ' || old_value AS detail,
    file_sha256,
    line
FROM recompute.override_register
WHERE business_date = $business_date
    AND status <> 'in force'
