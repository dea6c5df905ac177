-- grain: one row per open contract that was marked on the date from its trades, and on an earlier date
-- meaning: its mark with that of the last date on which it was marked from trades, in order of event and contract
SELECT contracts.event_ticker, contracts.category, contracts.tau_seconds,
    marks.mark_centicents, earlier.mark_centicents AS last_mark,
    earlier.marked_date AS last_marked_date
FROM recompute.marks AS marks
JOIN recompute.contracts AS contracts
    ON contracts.ticker = marks.ticker AND contracts.business_date = marks.business_date
JOIN recompute.days AS days ON days.business_date = marks.business_date
JOIN recompute.marks AS earlier
    ON earlier.ticker = marks.ticker AND earlier.business_date = days.previous_business_date
WHERE marks.business_date = $business_date
    AND marks.mark_source = 'trade'
    AND NOT marks.settled
    AND NOT earlier.settled
    AND earlier.marked_date IS NOT NULL
ORDER BY contracts.event_ticker, marks.ticker
