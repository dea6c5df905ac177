-- grain: one row per category and business date
-- meaning: margin of a constant portfolio, with its range and its largest growth so far
SELECT
    business_date,
    category,
    margin_centicents,
    worst_case_centicents,
    days,
    least_centicents,
    largest_centicents,
    peak_to_trough,
    growth_1,
    growth_5,
    growth_30
FROM stress.procyclicality
WHERE business_date BETWEEN $first AND $last
ORDER BY category, business_date
