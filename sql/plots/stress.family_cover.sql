SELECT
    MAP(LIST(family ORDER BY family), LIST(cover_2_centicents / 10000 ORDER BY family)) AS "Cover-2 of *, dollars"
FROM stress.family_cover
WHERE business_date = $business_date
