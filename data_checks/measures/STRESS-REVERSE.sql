-- value: smallest number of simultaneous resolutions that exhausts prefunded resources
-- bound: one more than least_resolutions of data_checks/scenarios.yaml
-- must be: at least
SELECT
    at_least AS value,
    least_resolutions + 1 AS bound,
    CASE WHEN proven THEN 'proven' ELSE 'not proven' END AS subject
FROM stress.reverse
WHERE business_date = $business_date
    -- Where it is proven that no set of resolutions exhausts them, there is no number.
    AND (resolutions IS NOT NULL OR NOT proven)
