-- The words of a title, without numbers and months, say what a series asks. A prefix is
-- compared on the first day on which it arrives, so that each pair is reported once.
WITH today AS (
    SELECT DISTINCT
        SPLIT_PART(ticker, '-', 1) AS prefix,
        TRIM(REGEXP_REPLACE(
            LOWER(title),
            '([^a-z]|\b(jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?'
                || '|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?)\b)+',
            ' ',
            'g'
        )) AS words
    FROM validate.markets
    WHERE business_date = $business_date
        AND ticker LIKE 'KX%'
),
former AS (
    SELECT DISTINCT
        SPLIT_PART(ticker, '-', 1) AS prefix,
        TRIM(REGEXP_REPLACE(
            LOWER(title),
            '([^a-z]|\b(jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?'
                || '|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?)\b)+',
            ' ',
            'g'
        )) AS words
    FROM validate.markets
    WHERE business_date <= $business_date
        AND ticker NOT LIKE 'KX%'
),
earlier AS (
    SELECT DISTINCT SPLIT_PART(ticker, '-', 1) AS prefix
    FROM validate.markets
    WHERE business_date < $business_date
)
SELECT
    former.prefix || ' -> ' || today.prefix AS subject,
    'same series under a new prefix: ' || CASE
        WHEN today.prefix = 'KX' || former.prefix THEN 'KX before the old one'
        ELSE 'titles with the same words'
    END AS detail,
    '' AS file_sha256,
    CAST(NULL AS BIGINT) AS line
FROM today
JOIN former
    ON today.prefix = 'KX' || former.prefix
    OR (former.words = today.words AND today.words <> '')
LEFT JOIN earlier
    ON earlier.prefix = today.prefix
WHERE earlier.prefix IS NULL
GROUP BY former.prefix, today.prefix
