SELECT
    marks.ticker AS subject,
    'venue ' || CAST(marks.venue_mark_centicents AS VARCHAR) || ', ours '
        || CAST(marks.mark_centicents AS VARCHAR) || ' centicents'
        || CASE WHEN marks.venue_mark_centicents = marks.previous_mark_centicents
            THEN ' (the mark of the day before)' ELSE '' END AS detail,
    COALESCE(prices.file_sha256, '') AS file_sha256,
    prices.line
FROM recompute.marks AS marks
LEFT JOIN validate.market_price_snapshot AS prices
    ON prices.ticker = marks.ticker
    AND prices.business_date = marks.business_date
    AND prices.cycle = 'EOD'
WHERE marks.business_date = $business_date
    AND NOT marks.settled
    AND marks.venue_mark_centicents <> marks.mark_centicents
