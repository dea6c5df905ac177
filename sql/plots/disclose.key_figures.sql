SELECT
    MAP(
        LIST(words || CASE unit WHEN 'centicents' THEN ', dollars' ELSE '' END ORDER BY figure_order),
        LIST(CASE unit WHEN 'centicents' THEN today / 10000 WHEN 'qty' THEN today / 100 ELSE today END ORDER BY figure_order)
    ) AS "*"
FROM disclose.key_figures
WHERE business_date = $business_date
    AND today IS NOT NULL
