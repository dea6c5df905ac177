-- grain: one row per currency, number of failing payers and layer of the waterfall that pays within hours, in the order of drawing
-- meaning: size of each liquid resource, the hour from which it pays, and the amount drawn when the one or two largest payers fail
-- owner: risk
WITH drawn AS (
    SELECT
        currency,
        failing_payers,
        draw_order,
        facility,
        MAX(notice_hours) AS notice_hours,
        MAX(capacity_centicents) AS capacity_centicents,
        CAST(SUM(drawn_centicents) AS BIGINT) AS drawn_centicents,
        MIN(remaining_centicents) AS remaining_centicents,
        MIN(hour) FILTER (WHERE drawn_centicents > 0) AS first_drawn_hour
    FROM stress.liquidity_facilities
    WHERE business_date = $business_date
    GROUP BY currency, failing_payers, draw_order, facility
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    drawn.currency,
    drawn.failing_payers,
    drawn.draw_order,
    drawn.facility,
    resources.layer_type,
    resources.words,
    drawn.notice_hours,
    drawn.capacity_centicents,
    drawn.drawn_centicents,
    drawn.remaining_centicents,
    drawn.first_drawn_hour
FROM drawn
JOIN validate.resources AS resources
    ON resources.layer_id = drawn.facility
    AND resources.business_date = $business_date
ORDER BY drawn.currency, drawn.failing_payers, drawn.draw_order
