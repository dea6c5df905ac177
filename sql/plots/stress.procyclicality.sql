SELECT
    MAX(peak_to_trough) AS "largest peak to trough, times",
    100 * MAX(growth_1) AS "largest growth over one date, per cent",
    MAP(LIST(category ORDER BY category), LIST(margin_centicents / 10000 ORDER BY category))
        AS "margin of the constant portfolio in *, dollars"
FROM stress.procyclicality
WHERE business_date = $business_date
