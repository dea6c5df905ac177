-- grain: one row per account and asset
-- meaning: collateral held at an intraday cycle, before haircuts
SELECT account_id, asset_type, value_centicents
FROM recompute.cycle_collateral
WHERE business_date = $business_date AND cycle = $cycle
