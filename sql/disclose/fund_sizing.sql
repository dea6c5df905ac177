-- grain: one row per member
-- meaning: what each member should deposit to the guaranty fund by our rule, against what it has deposited; the largest share of risk first
-- owner: risk
SELECT
    business_date,
    member_id,
    affiliate_group,
    stress_centicents,
    held_qty,
    volume_qty,
    risk_share_bps,
    deposited_share_bps,
    fund_needed_centicents,
    required_centicents,
    deposited_centicents,
    deposited_centicents - required_centicents AS excess_centicents,
    version
FROM stress.fund_sizing
WHERE business_date = $business_date
ORDER BY risk_share_bps DESC, member_id
