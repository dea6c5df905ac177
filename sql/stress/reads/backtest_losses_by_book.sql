-- grain: one row per book
-- meaning: loss of each book under backtest, by diffusion and by jump, with the margin held against it
WITH by_cluster AS (
    SELECT portfolio, book_id, cluster,
        SUM(CASE WHEN resolved THEN 0 ELSE micros END) AS diffusion,
        SUM(CASE WHEN resolved THEN micros ELSE 0 END) AS jump
    FROM lost_then
    GROUP BY portfolio, book_id, cluster
),
ranked AS (
    SELECT portfolio, book_id, cluster, diffusion + jump AS largest,
        SUM(diffusion) OVER whole AS diffusion, SUM(jump) OVER whole AS jump,
        row_number() OVER (
            PARTITION BY portfolio, book_id ORDER BY diffusion + jump DESC, cluster
        ) AS place
    FROM by_cluster
    WINDOW whole AS (PARTITION BY portfolio, book_id)
)
SELECT books.portfolio, books.book_id, books.liquidation_days, books.margin_centicents,
    books.worst_case_centicents, books.value_at_risk_centicents,
    books.expected_shortfall_centicents, books.alpha_bps, books.one_day_margin_centicents,
    books.five_day_margin_centicents, books.decided_by, books.bucket,
    CASE WHEN ranked.largest > 0 THEN ranked.cluster ELSE books.cluster END AS cluster,
    CAST(ranked.diffusion AS BIGINT) AS diffusion_loss_micros,
    CAST(ranked.jump AS BIGINT) AS jump_loss_micros
FROM books_then AS books
JOIN ranked ON ranked.portfolio = books.portfolio AND ranked.book_id = books.book_id
WHERE books.business_date = $book_date AND ranked.place = 1
    AND (books.liquidation_days = $horizon OR books.portfolio = 'accounts' AND $horizon = 1)
ORDER BY books.portfolio, books.book_id
