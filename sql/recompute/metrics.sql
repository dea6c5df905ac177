-- grain: one row per metric and scope: the venue, an origin, a member, a category, a custodian, ...
-- meaning: the state of the market and of the clearing house at the end of the date, one number a row; formula, unit and limits of each metric are in docs/metrics.md. A metric that does not exist, as a share of nothing, has no row
-- owner: risk
-- column business_date DATE: business date
-- column metric VARCHAR: name of the metric
-- column scope_kind VARCHAR: what it is measured over: venue, origin, member, account, category, cycle, measure, custodian, asset_type, segregation, segregation_class or age
-- column scope VARCHAR: which of them, empty for the venue
-- column value BIGINT: the number
-- column unit VARCHAR: qty (1e-2 contracts), centicents, bps, count, index (0 to 10,000) or days
WITH interest AS (
    SELECT
        scopes.scope_kind,
        CASE WHEN scopes.scope_kind = 'venue' THEN '' ELSE COALESCE(NULLIF(open.category, ''), 'unknown') END AS scope,
        SUM(open.open_interest_qty) AS open_qty,
        SUM(open.opening_interest_qty) AS opening_qty,
        SUM(open.money_at_risk_centicents) AS money_centicents
    FROM recompute.open_interest AS open
    CROSS JOIN (VALUES ('venue'), ('category')) AS scopes(scope_kind)
    WHERE open.business_date = $business_date
    GROUP BY 1, 2
),
days AS (
    SELECT *
    FROM recompute.venue_days
    WHERE business_date = $business_date
),
-- What accounts with an open position must hold, hold and can lose.
margin AS (
    SELECT
        scopes.scope_kind,
        CASE
            WHEN scopes.scope_kind = 'venue' THEN ''
            WHEN scopes.scope_kind = 'origin' THEN held.origin
            ELSE held.member_id
        END AS scope,
        COUNT(*) AS accounts,
        COUNT(CASE WHEN held.initial_margin_centicents > held.collateral_value_centicents THEN 1 END) AS over,
        SUM(held.initial_margin_centicents) AS initial,
        SUM(held.collateral_value_centicents) AS eligible,
        SUM(held.worst_case_centicents) AS worst,
        SUM(held.margined_initial_centicents) AS margined_initial,
        SUM(held.margined_worst_case_micros) AS margined_worst_micros
    FROM recompute.account_margin AS held
    CROSS JOIN (VALUES ('venue'), ('origin'), ('member')) AS scopes(scope_kind)
    WHERE held.business_date = $business_date
    GROUP BY 1, 2
),
collateral AS (
    SELECT
        held.account_id,
        accounts.member_id,
        COALESCE(accounts.origin, 'customer') = 'customer' AS of_customer,
        COALESCE(accounts.segregation_class, 'unknown') AS segregation_class,
        held.custodian,
        held.asset_type,
        held.segregation,
        held.reuse,
        held.value_centicents,
        held.value_centicents * (10000 - held.haircut_bps) // 10000 AS after_haircut_centicents,
        -- A custody account counts as segregated for customers only if its name says so.
        LOWER(held.segregation) LIKE 'customer%'
            OR LOWER(held.segregation) LIKE 'client%'
            OR LOWER(held.segregation) LIKE 'individual%'
            OR LOWER(held.segregation) LIKE 'cleared_swaps_customer%' AS for_customers
    FROM validate.collateral AS held
    LEFT JOIN validate.accounts AS accounts
        ON accounts.account_id = held.account_id
        AND accounts.business_date = held.business_date
    WHERE held.business_date = $business_date
),
-- Times at which exposure is measured: the intraday cycles and the end of the date.
moments AS (
    SELECT cycle, cycle_utc AS at_utc
    FROM recompute.cycles
    WHERE business_date = $business_date
    UNION ALL
    SELECT
        'EOD' AS cycle,
        CAST(timezone('UTC', timezone(
            'America/New_York', CAST(CAST($business_date AS DATE) + INTERVAL 1 DAY AS TIMESTAMP)
        )) AS TIMESTAMP) AS at_utc
),
-- What an account has lost since the last variation that was paid, and what is held for it.
losses AS (
    SELECT cycle, account_id, -variation_centicents AS lost, collateral_value_centicents AS held
    FROM recompute.cycle_margin
    WHERE business_date = $business_date
    UNION ALL
    SELECT 'EOD' AS cycle, account_id, -amount_centicents AS lost, NULL AS held
    FROM recompute.cash_ledger
    WHERE business_date = $business_date
        AND entry_kind = 'variation'
    UNION ALL
    SELECT 'EOD' AS cycle, account_id, 0 AS lost, collateral_value_centicents AS held
    FROM recompute.account_margin
    WHERE business_date = $business_date
    UNION ALL
    SELECT moments.cycle, paid.account_id, paid.variation_centicents AS lost, NULL AS held
    FROM validate.obligations AS paid
    JOIN moments
        ON moments.at_utc >= paid.paid_utc
    WHERE paid.business_date = $business_date
    UNION ALL
    SELECT moments.cycle, former.account_id, -former.variation_centicents AS lost, NULL AS held
    FROM validate.obligations AS former
    JOIN recompute.days AS dates
        ON dates.previous_business_date = former.business_date
    JOIN moments
        ON former.paid_utc IS NULL OR former.paid_utc > moments.at_utc
    WHERE dates.business_date = $business_date
),
-- Accounts without margin are not in its tables: for them the haircuts of the feed count.
after_haircut AS (
    SELECT account_id, SUM(after_haircut_centicents) AS held
    FROM collateral
    GROUP BY account_id
),
lost AS (
    SELECT cycle, account_id, SUM(lost) AS lost, MAX(held) AS held
    FROM losses
    GROUP BY cycle, account_id
),
unsecured AS (
    SELECT
        lost.cycle,
        lost.account_id,
        GREATEST(lost.lost - COALESCE(lost.held, after_haircut.held, 0), 0) AS centicents
    FROM lost
    LEFT JOIN after_haircut
        ON after_haircut.account_id = lost.account_id
),
unsecured_cycles AS (
    SELECT
        cycle,
        SUM(centicents) AS centicents,
        COUNT(CASE WHEN centicents > 0 THEN 1 END) AS accounts
    FROM unsecured
    GROUP BY cycle
),
-- How far positions, margin and open interest rest on few.
net AS (
    SELECT account_id, ticker, ABS(SUM(closing_qty)) AS qty
    FROM recompute.positions
    WHERE business_date = $business_date
    GROUP BY account_id, ticker
),
books AS (
    SELECT account_id, SUM(qty) AS amount
    FROM net
    GROUP BY account_id
),
owners AS (
    SELECT
        accounts.account_id,
        COALESCE(members.affiliate_group, accounts.member_id) AS affiliate_group
    FROM validate.accounts AS accounts
    LEFT JOIN validate.members AS members
        ON members.member_id = accounts.member_id
        AND members.business_date = accounts.business_date
    WHERE accounts.business_date = $business_date
),
holdings AS (
    SELECT 'positions by account' AS measure, account_id AS holder, amount
    FROM books
    UNION ALL
    SELECT 'positions by group' AS measure, owners.affiliate_group AS holder, SUM(books.amount) AS amount
    FROM books
    JOIN owners
        ON owners.account_id = books.account_id
    GROUP BY owners.affiliate_group
    UNION ALL
    SELECT 'margin by account' AS measure, account_id AS holder, initial_margin_centicents AS amount
    FROM recompute.account_margin
    WHERE business_date = $business_date
    UNION ALL
    SELECT 'margin by group' AS measure, owners.affiliate_group AS holder, SUM(held.initial_margin_centicents) AS amount
    FROM recompute.account_margin AS held
    JOIN owners
        ON owners.account_id = held.account_id
    WHERE held.business_date = $business_date
    GROUP BY owners.affiliate_group
    UNION ALL
    SELECT 'open interest by market' AS measure, ticker AS holder, open_interest_qty AS amount
    FROM recompute.open_interest
    WHERE business_date = $business_date
    UNION ALL
    SELECT 'collateral by custodian' AS measure, custodian AS holder, SUM(value_centicents) AS amount
    FROM collateral
    GROUP BY custodian
),
ranked AS (
    SELECT
        measure,
        amount,
        ROW_NUMBER() OVER (PARTITION BY measure ORDER BY amount DESC, holder) AS place
    FROM holdings
    WHERE amount > 0
),
concentration AS (
    SELECT
        measure,
        COUNT(*) AS holders,
        SUM(amount) AS total,
        SUM(CASE WHEN place <= 5 THEN amount ELSE 0 END) AS five,
        SUM(CASE WHEN place <= 10 THEN amount ELSE 0 END) AS ten,
        SUM(CAST(amount AS HUGEINT) * amount) AS squares
    FROM ranked
    GROUP BY measure
),
custody AS (
    SELECT
        scopes.scope_kind,
        CASE
            WHEN scopes.scope_kind = 'venue' THEN ''
            WHEN scopes.scope_kind = 'custodian' THEN held.custodian
            WHEN scopes.scope_kind = 'asset_type' THEN held.asset_type
            WHEN scopes.scope_kind = 'segregation' THEN held.segregation
            ELSE held.segregation_class
        END AS scope,
        SUM(held.value_centicents) AS market_value,
        SUM(held.value_centicents - held.after_haircut_centicents) AS haircut,
        SUM(CASE WHEN held.reuse THEN held.value_centicents ELSE 0 END) AS reusable
    FROM collateral AS held
    CROSS JOIN (
        VALUES ('venue'), ('custodian'), ('asset_type'), ('segregation'), ('segregation_class')
    ) AS scopes(scope_kind)
    GROUP BY 1, 2
),
-- What customers are owed. What one owes is not taken off what another is owed.
unpaid AS (
    SELECT account_id, SUM(net_centicents) AS centicents
    FROM validate.obligations
    WHERE business_date = $business_date
        AND paid_utc IS NULL
    GROUP BY account_id
),
deposits AS (
    SELECT
        account_id,
        SUM(value_centicents) AS deposited,
        SUM(CASE WHEN for_customers AND NOT reuse THEN value_centicents ELSE 0 END) AS segregated
    FROM collateral
    GROUP BY account_id
),
customers AS (
    SELECT
        accounts.member_id,
        GREATEST(COALESCE(deposits.deposited, 0) + COALESCE(unpaid.centicents, 0), 0) AS owed,
        COALESCE(deposits.segregated, 0) AS segregated
    FROM validate.accounts AS accounts
    LEFT JOIN deposits
        ON deposits.account_id = accounts.account_id
    LEFT JOIN unpaid
        ON unpaid.account_id = accounts.account_id
    WHERE accounts.business_date = $business_date
        AND accounts.origin = 'customer'
),
segregation AS (
    SELECT
        scopes.scope_kind,
        CASE WHEN scopes.scope_kind = 'venue' THEN '' ELSE customers.member_id END AS scope,
        SUM(customers.owed) AS owed,
        SUM(customers.segregated) AS segregated
    FROM customers
    CROSS JOIN (VALUES ('venue'), ('member')) AS scopes(scope_kind)
    GROUP BY 1, 2
),
calls AS (
    SELECT *
    FROM recompute.call_ages
    WHERE business_date = $business_date
),
disputes AS (
    SELECT
        CASE
            WHEN days_in_dispute <= 1 THEN '0 to 1'
            WHEN days_in_dispute <= 5 THEN '2 to 5'
            WHEN days_in_dispute <= 30 THEN '6 to 30'
            ELSE 'over 30'
        END AS scope,
        COUNT(*) AS disputes,
        SUM(amount_centicents) AS centicents
    FROM calls
    WHERE in_dispute
    GROUP BY 1
),
open_books AS (
    SELECT
        account_id,
        SUM(CASE WHEN collateralisation = 'margined' THEN ABS(closing_qty) ELSE 0 END) AS margined_qty,
        SUM(CASE WHEN collateralisation = 'margined' THEN 0 ELSE ABS(closing_qty) END) AS in_full_qty
    FROM recompute.positions
    WHERE business_date = $business_date
        AND closing_qty <> 0
    GROUP BY account_id
),
permissions AS (
    SELECT account_id, margin_permission
    FROM validate.accounts
    WHERE business_date = $business_date
),
listed AS (
    SELECT 'open_interest' AS metric, scope_kind, scope, open_qty AS value, 'qty' AS unit FROM interest
    UNION ALL
    SELECT 'money_at_risk', scope_kind, scope, money_centicents, 'centicents' FROM interest
    UNION ALL
    SELECT 'open_interest_growth', scope_kind, scope, open_qty * 10000 // NULLIF(opening_qty, 0) - 10000, 'bps' FROM interest
    UNION ALL
    SELECT 'margined_share_of_sides', 'venue', '', CAST(margined_sides AS HUGEINT) * 10000 // NULLIF(sides, 0), 'bps' FROM days
    UNION ALL
    SELECT 'margined_share_of_contracts', 'venue', '', CAST(margined_side_qty AS HUGEINT) * 10000 // NULLIF(side_qty, 0), 'bps' FROM days
    UNION ALL
    SELECT 'margined_share_of_notional', 'venue', '', CAST(margined_notional_micros AS HUGEINT) * 10000 // NULLIF(notional_micros, 0), 'bps' FROM days
    UNION ALL
    SELECT 'average_trade_size', 'venue', '', volume_qty // NULLIF(trades, 0), 'qty' FROM days
    UNION ALL
    SELECT 'volatility_coverage', 'venue', '', CAST(weight_qty AS HUGEINT) * 10000 // NULLIF(open_qty, 0), 'bps' FROM days
    UNION ALL
    SELECT 'accounts_open', scope_kind, scope, accounts, 'count' FROM margin
    UNION ALL
    SELECT 'accounts_over_collateral', scope_kind, scope, over, 'count' FROM margin
    UNION ALL
    SELECT 'initial_margin', scope_kind, scope, initial, 'centicents' FROM margin
    UNION ALL
    SELECT 'eligible_collateral', scope_kind, scope, eligible, 'centicents' FROM margin
    UNION ALL
    SELECT 'margin_utilisation', scope_kind, scope, initial * 10000 // NULLIF(eligible, 0), 'bps' FROM margin
    UNION ALL
    SELECT 'leverage', scope_kind, scope, worst * 10000 // NULLIF(initial, 0), 'bps' FROM margin
    UNION ALL
    SELECT 'margined_leverage', scope_kind, scope, margined_worst_micros * 100 // NULLIF(margined_initial, 0), 'bps' FROM margin
    UNION ALL
    SELECT 'unsecured_exposure', 'cycle', cycle, centicents, 'centicents' FROM unsecured_cycles
    UNION ALL
    SELECT 'unsecured_accounts', 'cycle', cycle, accounts, 'count' FROM unsecured_cycles
    UNION ALL
    SELECT 'unsecured_peak', 'venue', '', MAX(centicents), 'centicents' FROM unsecured_cycles
    UNION ALL
    SELECT 'unsecured_peak', 'account', account_id, MAX(centicents), 'centicents' FROM unsecured WHERE centicents > 0 GROUP BY account_id
    UNION ALL
    SELECT 'holders', 'measure', measure, holders, 'count' FROM concentration
    UNION ALL
    SELECT 'herfindahl', 'measure', measure, squares * 10000 // (total * total), 'index' FROM concentration
    UNION ALL
    SELECT 'top_5_share', 'measure', measure, five * 10000 // total, 'bps' FROM concentration
    UNION ALL
    SELECT 'top_10_share', 'measure', measure, ten * 10000 // total, 'bps' FROM concentration
    UNION ALL
    SELECT 'collateral', scope_kind, scope, market_value, 'centicents' FROM custody
    UNION ALL
    SELECT 'collateral_haircut', scope_kind, scope, haircut, 'centicents' FROM custody
    UNION ALL
    SELECT 'reusable_collateral', scope_kind, scope, reusable, 'centicents' FROM custody
    UNION ALL
    SELECT 'collateral_share', custody.scope_kind, custody.scope, custody.market_value * 10000 // NULLIF(whole.market_value, 0), 'bps'
    FROM custody
    CROSS JOIN (SELECT market_value FROM custody WHERE scope_kind = 'venue') AS whole
    WHERE custody.scope_kind <> 'venue'
    UNION ALL
    SELECT 'client_liabilities', scope_kind, scope, owed, 'centicents' FROM segregation
    UNION ALL
    SELECT 'segregated_assets', scope_kind, scope, segregated, 'centicents' FROM segregation
    UNION ALL
    SELECT 'calls_issued', 'venue', '', COUNT(CASE WHEN first_seen = business_date THEN 1 END), 'count' FROM calls
    UNION ALL
    SELECT 'calls_issued_amount', 'venue', '', COALESCE(SUM(CASE WHEN first_seen = business_date THEN amount_centicents END), 0), 'centicents' FROM calls
    UNION ALL
    SELECT 'calls_met', 'venue', '', COUNT(CASE WHEN delivered AND unmet_centicents = 0 AND state <> 'cancelled' THEN 1 END), 'count' FROM calls
    UNION ALL
    SELECT 'calls_late', 'venue', '', COUNT(CASE WHEN late THEN 1 END), 'count' FROM calls
    UNION ALL
    SELECT 'calls_unmet', 'venue', '', COUNT(CASE WHEN unmet_centicents > 0 THEN 1 END), 'count' FROM calls
    UNION ALL
    SELECT 'calls_unmet_amount', 'venue', '', COALESCE(SUM(unmet_centicents), 0), 'centicents' FROM calls
    UNION ALL
    SELECT 'calls_disputed', 'venue', '', COUNT(CASE WHEN in_dispute THEN 1 END), 'count' FROM calls
    UNION ALL
    SELECT 'calls_disputed', 'age', scope, disputes, 'count' FROM disputes
    UNION ALL
    SELECT 'calls_disputed_amount', 'age', scope, centicents, 'centicents' FROM disputes
    UNION ALL
    SELECT 'oldest_dispute', 'venue', '', MAX(days_in_dispute), 'days' FROM calls
    UNION ALL
    SELECT 'accounts_listed', 'venue', '', COUNT(*), 'count' FROM permissions
    UNION ALL
    SELECT 'accounts_permitted', 'venue', '', COUNT(CASE WHEN margin_permission THEN 1 END), 'count' FROM permissions
    UNION ALL
    SELECT 'accounts_margined', 'venue', '', COUNT(CASE WHEN margined_qty > 0 THEN 1 END), 'count' FROM open_books
    UNION ALL
    SELECT 'accounts_in_full', 'venue', '', COUNT(CASE WHEN in_full_qty > 0 THEN 1 END), 'count' FROM open_books
    UNION ALL
    SELECT 'unpermitted_positions', 'account', open_books.account_id, open_books.margined_qty, 'qty'
    FROM open_books
    LEFT JOIN permissions
        ON permissions.account_id = open_books.account_id
    WHERE open_books.margined_qty > 0
        AND NOT COALESCE(permissions.margin_permission, FALSE)
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    metric,
    scope_kind,
    scope,
    CAST(value AS BIGINT) AS value,
    unit
FROM listed
WHERE value IS NOT NULL
