-- grain: one row per bid
-- meaning: the bids that the venue sent for the auction of a drill
SELECT lot_id, member_id, price, quantity_qty
FROM validate.bids
WHERE business_date = $business_date AND auction_id = $auction_id
ORDER BY lot_id, member_id
