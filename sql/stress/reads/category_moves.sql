-- grain: one row per category
-- meaning: the moves of the categories on the date
SELECT business_date, category, move
FROM stress.category_moves
WHERE business_date = $business_date
