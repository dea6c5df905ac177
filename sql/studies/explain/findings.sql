-- grain: one row per finding
-- meaning: recompute's findings on the account and its positions, at a cycle or at the end of the day (EOD)
SELECT severity, rule_id, subject, detail
FROM recompute.findings
WHERE business_date = $day
    AND CASE
        WHEN $cycle = 'EOD' THEN subject = $account OR STARTS_WITH(subject, $account || '/')
        ELSE subject = $cycle || ' ' || $account
            OR STARTS_WITH(subject, $cycle || ' ' || $account || '/')
    END
ORDER BY severity, rule_id, subject, detail
