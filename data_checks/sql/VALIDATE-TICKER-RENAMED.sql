SELECT
    event_ticker AS subject,
    'belongs to series ' || series_ticker AS detail,
    file_sha256,
    line
FROM validate.events
WHERE business_date = $business_date
    AND event_ticker <> series_ticker
    AND SUBSTR(event_ticker, 1, LENGTH(series_ticker) + 1) <> series_ticker || '-'
