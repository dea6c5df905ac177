-- grain: one row per position
-- meaning: loss of each position under backtest over the liquidation period of its own event, which may be shorter than the longest of the book; a first settlement after the close of the book resolves a contract
WITH valued AS (
    SELECT held.portfolio, held.book_id, held.qty, held.cluster, held.mark_centicents,
        COALESCE(settled.settled_date <= closes.close_date, FALSE) AS resolved,
        settled.value_centicents,
        CASE
            WHEN held.liquidation_days = $horizon THEN marks.mark_centicents
            ELSE between_marks.mark_centicents
        END AS close_centicents
    FROM contracts_then AS held
    JOIN closes_then AS closes ON closes.days = held.liquidation_days
    LEFT JOIN settled_then AS settled ON settled.ticker = held.ticker
    LEFT JOIN recompute.marks AS marks
        ON marks.ticker = held.ticker AND marks.business_date = $business_date
    LEFT JOIN marks_then AS between_marks
        ON between_marks.ticker = held.ticker
        AND between_marks.business_date = closes.close_date
    WHERE held.business_date = $book_date
)
SELECT portfolio, book_id, cluster, resolved, CAST(qty AS HUGEINT) * (
    mark_centicents - CASE WHEN resolved THEN value_centicents ELSE close_centicents END
) AS micros
FROM valued
