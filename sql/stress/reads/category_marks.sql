-- grain: one row per market
-- meaning: marks of the date and the day before, by category, of markets that traded and are not settled
SELECT contracts.category, marks.previous_mark_centicents AS before,
    marks.mark_centicents AS after
FROM recompute.marks AS marks
JOIN recompute.contracts AS contracts
    ON contracts.ticker = marks.ticker
    AND contracts.business_date = marks.business_date
WHERE marks.business_date = $business_date
    AND marks.mark_source = 'trade'
    AND marks.previous_mark_centicents IS NOT NULL
    AND NOT marks.settled
