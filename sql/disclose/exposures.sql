-- grain: one row per kind and subject, wrong-way first, then leverage, the largest amounts first, at most 100
-- meaning: leverage, concentration and wrong-way exposure above the surveillance thresholds at the end of the day
-- owner: surveillance
-- column exposure_rank: place in the list, 1 first
-- column exposures: exposures of the date, those that are not listed too
-- column kind: LEVERAGE, CONCENTRATION or WRONG_WAY
-- column subject: account, with the market or event that it is about
-- column words: the exposure in words
-- column amount_centicents: amount of the exposure
-- column threshold_centicents: threshold that it is above
WITH ranked AS (
    SELECT
        kind,
        subject,
        account_id,
        words,
        amount_centicents,
        threshold_centicents,
        ROW_NUMBER() OVER (ORDER BY kind DESC, amount_centicents DESC, subject) AS exposure_rank,
        COUNT(*) OVER () AS exposures
    FROM recompute.exposures
    WHERE business_date = $business_date
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    exposure_rank,
    exposures,
    kind,
    subject,
    account_id,
    words,
    amount_centicents,
    threshold_centicents
FROM ranked
WHERE exposure_rank <= 100
ORDER BY exposure_rank
