-- grain: one row per metric and scope: the venue, an origin, a member, a category, a custodian, ...
-- meaning: the state of the market and of the clearing house at the end of the date, one number a row; formula, unit and limits of each metric are in docs/metrics.md. A metric that does not exist, as a share of nothing, has no row
-- owner: risk
-- column scope_kind: what it is measured over: venue, origin, member, account, category, cycle, measure, custodian, asset_type, segregation, segregation_class or age
-- column scope: which of them, empty for the venue
-- column value: the number
-- column unit: qty (1e-2 contracts), centicents, bps, count, index (0 to 10,000) or days
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
deposits AS (
    SELECT
        account_id,
        SUM(after_haircut_centicents) AS after_haircut,
        SUM(value_centicents) AS deposited,
        SUM(CASE WHEN for_customers AND NOT reuse THEN value_centicents ELSE 0 END) AS segregated
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
        -- Accounts without margin are not in its tables: for them the haircuts of the feed count.
        GREATEST(lost.lost - COALESCE(lost.held, deposits.after_haircut, 0), 0) AS centicents
    FROM lost
    LEFT JOIN deposits
        ON deposits.account_id = lost.account_id
),
unsecured_cycles AS (
    SELECT
        cycle,
        SUM(centicents) AS centicents,
        COUNT(CASE WHEN centicents > 0 THEN 1 END) AS accounts
    FROM unsecured
    GROUP BY cycle
),
unsecured_metrics AS (
    SELECT 'unsecured_exposure' AS metric, 'cycle' AS scope_kind, cycle AS scope, centicents AS value, 'centicents' AS unit
    FROM unsecured_cycles
    UNION ALL
    SELECT 'unsecured_accounts' AS metric, 'cycle' AS scope_kind, cycle AS scope, accounts AS value, 'count' AS unit
    FROM unsecured_cycles
    UNION ALL
    SELECT 'unsecured_peak' AS metric, 'venue' AS scope_kind, '' AS scope, MAX(centicents) AS value, 'centicents' AS unit
    FROM unsecured_cycles
    UNION ALL
    SELECT 'unsecured_peak' AS metric, 'account' AS scope_kind, account_id AS scope, MAX(centicents) AS value, 'centicents' AS unit
    FROM unsecured
    WHERE centicents > 0
    GROUP BY account_id
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
        SUM(CASE WHEN held.reuse THEN held.value_centicents ELSE 0 END) AS reusable,
        -- Each kind of scope holds all collateral.
        SUM(SUM(held.value_centicents)) OVER (PARTITION BY scopes.scope_kind) AS all_value
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
customers AS (
    SELECT
        scopes.scope_kind,
        CASE WHEN scopes.scope_kind = 'venue' THEN '' ELSE accounts.member_id END AS scope,
        SUM(GREATEST(COALESCE(deposits.deposited, 0) + COALESCE(unpaid.centicents, 0), 0)) AS owed,
        SUM(COALESCE(deposits.segregated, 0)) AS segregated
    FROM validate.accounts AS accounts
    CROSS JOIN (VALUES ('venue'), ('member')) AS scopes(scope_kind)
    LEFT JOIN deposits
        ON deposits.account_id = accounts.account_id
    LEFT JOIN unpaid
        ON unpaid.account_id = accounts.account_id
    WHERE accounts.business_date = $business_date
        AND accounts.origin = 'customer'
    GROUP BY 1, 2
),
-- Of all calls, and of those in dispute by age.
calls AS (
    SELECT
        scopes.scope_kind,
        CASE
            WHEN scopes.scope_kind = 'venue' THEN ''
            WHEN ages.days_in_dispute <= 1 THEN '0 to 1'
            WHEN ages.days_in_dispute <= 5 THEN '2 to 5'
            WHEN ages.days_in_dispute <= 30 THEN '6 to 30'
            ELSE 'over 30'
        END AS scope,
        COUNT(CASE WHEN ages.in_dispute THEN 1 END) AS disputed,
        SUM(CASE WHEN ages.in_dispute THEN ages.amount_centicents ELSE 0 END) AS disputed_amount,
        MAX(ages.days_in_dispute) AS oldest,
        COUNT(CASE WHEN ages.first_seen = ages.business_date THEN 1 END) AS issued,
        SUM(CASE WHEN ages.first_seen = ages.business_date THEN ages.amount_centicents ELSE 0 END) AS issued_amount,
        COUNT(CASE WHEN ages.delivered AND ages.unmet_centicents = 0 AND ages.state <> 'cancelled' THEN 1 END) AS met,
        COUNT(CASE WHEN ages.late THEN 1 END) AS late,
        COUNT(CASE WHEN ages.unmet_centicents > 0 THEN 1 END) AS unmet,
        COALESCE(SUM(ages.unmet_centicents), 0) AS unmet_amount
    FROM (VALUES ('venue'), ('age')) AS scopes(scope_kind)
    LEFT JOIN recompute.call_ages AS ages
        ON ages.business_date = $business_date
        AND (ages.in_dispute OR scopes.scope_kind = 'venue')
    GROUP BY 1, 2
    HAVING scopes.scope_kind = 'venue' OR COUNT(ages.call_id) > 0
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
-- Accounts that are listed, or hold a position without being listed.
users AS (
    SELECT
        COALESCE(accounts.account_id, books.account_id) AS account_id,
        accounts.account_id IS NOT NULL AS is_listed,
        COALESCE(accounts.margin_permission, FALSE) AS permitted,
        COALESCE(books.margined_qty, 0) AS margined_qty,
        COALESCE(books.in_full_qty, 0) AS in_full_qty
    FROM permissions AS accounts
    FULL OUTER JOIN open_books AS books
        ON books.account_id = accounts.account_id
),
-- Each source is read once, and said once for each of its metrics: a plan of many short reads
-- takes longer than the reads.
listed AS (
    SELECT
        metrics.metric,
        interest.scope_kind,
        interest.scope,
        CASE metrics.metric
            WHEN 'open_interest' THEN open_qty
            WHEN 'money_at_risk' THEN money_centicents
            WHEN 'open_interest_growth' THEN open_qty * 10000 // NULLIF(opening_qty, 0) - 10000
        END AS value,
        metrics.unit
    FROM interest
    CROSS JOIN (
        VALUES ('open_interest', 'qty'), ('money_at_risk', 'centicents'), ('open_interest_growth', 'bps')
    ) AS metrics(metric, unit)
    UNION ALL
    SELECT
        metrics.metric,
        'venue' AS scope_kind,
        '' AS scope,
        CASE metrics.metric
            WHEN 'margined_share_of_sides' THEN CAST(margined_sides AS HUGEINT) * 10000 // NULLIF(sides, 0)
            WHEN 'margined_share_of_contracts' THEN CAST(margined_side_qty AS HUGEINT) * 10000 // NULLIF(side_qty, 0)
            WHEN 'margined_share_of_notional'
                THEN CAST(margined_notional_micros AS HUGEINT) * 10000 // NULLIF(notional_micros, 0)
            WHEN 'average_trade_size' THEN volume_qty // NULLIF(trades, 0)
            WHEN 'volatility_coverage' THEN CAST(weight_qty AS HUGEINT) * 10000 // NULLIF(open_qty, 0)
        END AS value,
        metrics.unit
    FROM recompute.venue_days AS days
    CROSS JOIN (
        VALUES
            ('margined_share_of_sides', 'bps'),
            ('margined_share_of_contracts', 'bps'),
            ('margined_share_of_notional', 'bps'),
            ('average_trade_size', 'qty'),
            ('volatility_coverage', 'bps')
    ) AS metrics(metric, unit)
    WHERE days.business_date = $business_date
    UNION ALL
    SELECT
        metrics.metric,
        margin.scope_kind,
        margin.scope,
        CASE metrics.metric
            WHEN 'accounts_open' THEN accounts
            WHEN 'accounts_over_collateral' THEN over
            WHEN 'initial_margin' THEN initial
            WHEN 'eligible_collateral' THEN eligible
            WHEN 'margin_utilisation' THEN initial * 10000 // NULLIF(eligible, 0)
            WHEN 'leverage' THEN worst * 10000 // NULLIF(initial, 0)
            -- 100 micros are a centicent, and 10,000 bps one.
            WHEN 'margined_leverage' THEN margined_worst_micros * 100 // NULLIF(margined_initial, 0)
        END AS value,
        metrics.unit
    FROM margin
    CROSS JOIN (
        VALUES
            ('accounts_open', 'count'),
            ('accounts_over_collateral', 'count'),
            ('initial_margin', 'centicents'),
            ('eligible_collateral', 'centicents'),
            ('margin_utilisation', 'bps'),
            ('leverage', 'bps'),
            ('margined_leverage', 'bps')
    ) AS metrics(metric, unit)
    UNION ALL
    SELECT metric, scope_kind, scope, value, unit
    FROM unsecured_metrics
    UNION ALL
    SELECT
        metrics.metric,
        'measure' AS scope_kind,
        concentration.measure AS scope,
        CASE metrics.metric
            WHEN 'holders' THEN holders
            WHEN 'herfindahl' THEN squares * 10000 // (total * total)
            WHEN 'top_5_share' THEN five * 10000 // total
            WHEN 'top_10_share' THEN ten * 10000 // total
        END AS value,
        metrics.unit
    FROM concentration
    CROSS JOIN (
        VALUES ('holders', 'count'), ('herfindahl', 'index'), ('top_5_share', 'bps'), ('top_10_share', 'bps')
    ) AS metrics(metric, unit)
    UNION ALL
    SELECT
        metrics.metric,
        custody.scope_kind,
        custody.scope,
        CASE metrics.metric
            WHEN 'collateral' THEN market_value
            WHEN 'collateral_haircut' THEN haircut
            WHEN 'reusable_collateral' THEN reusable
            WHEN 'collateral_share'
                THEN CASE WHEN scope_kind <> 'venue' THEN market_value * 10000 // NULLIF(all_value, 0) END
        END AS value,
        metrics.unit
    FROM custody
    CROSS JOIN (
        VALUES
            ('collateral', 'centicents'),
            ('collateral_haircut', 'centicents'),
            ('reusable_collateral', 'centicents'),
            ('collateral_share', 'bps')
    ) AS metrics(metric, unit)
    UNION ALL
    SELECT
        metrics.metric,
        customers.scope_kind,
        customers.scope,
        CASE metrics.metric WHEN 'client_liabilities' THEN owed ELSE segregated END AS value,
        'centicents' AS unit
    FROM customers
    CROSS JOIN (VALUES ('client_liabilities'), ('segregated_assets')) AS metrics(metric)
    UNION ALL
    SELECT
        metrics.metric,
        calls.scope_kind,
        calls.scope,
        CASE metrics.metric
            WHEN 'calls_disputed' THEN disputed
            WHEN 'calls_disputed_amount' THEN disputed_amount
            WHEN 'oldest_dispute' THEN oldest
            WHEN 'calls_issued' THEN issued
            WHEN 'calls_issued_amount' THEN issued_amount
            WHEN 'calls_met' THEN met
            WHEN 'calls_late' THEN late
            WHEN 'calls_unmet' THEN unmet
            WHEN 'calls_unmet_amount' THEN unmet_amount
        END AS value,
        metrics.unit
    FROM calls
    JOIN (
        VALUES
            ('calls_disputed', 'count', 'age'),
            ('calls_disputed_amount', 'centicents', 'age'),
            ('calls_disputed', 'count', 'venue'),
            ('calls_disputed_amount', 'centicents', 'venue'),
            ('oldest_dispute', 'days', 'venue'),
            ('calls_issued', 'count', 'venue'),
            ('calls_issued_amount', 'centicents', 'venue'),
            ('calls_met', 'count', 'venue'),
            ('calls_late', 'count', 'venue'),
            ('calls_unmet', 'count', 'venue'),
            ('calls_unmet_amount', 'centicents', 'venue')
    ) AS metrics(metric, unit, scope_kind)
        ON metrics.scope_kind = calls.scope_kind
    UNION ALL
    SELECT
        metrics.metric,
        'venue' AS scope_kind,
        '' AS scope,
        CASE metrics.metric
            WHEN 'accounts_listed' THEN COUNT(CASE WHEN is_listed THEN 1 END)
            WHEN 'accounts_permitted' THEN COUNT(CASE WHEN permitted THEN 1 END)
            WHEN 'accounts_margined' THEN COUNT(CASE WHEN margined_qty > 0 THEN 1 END)
            WHEN 'accounts_in_full' THEN COUNT(CASE WHEN in_full_qty > 0 THEN 1 END)
        END AS value,
        'count' AS unit
    FROM users
    CROSS JOIN (
        VALUES ('accounts_listed'), ('accounts_permitted'), ('accounts_margined'), ('accounts_in_full')
    ) AS metrics(metric)
    GROUP BY metrics.metric
    UNION ALL
    SELECT
        'unpermitted_positions' AS metric,
        'account' AS scope_kind,
        account_id AS scope,
        margined_qty AS value,
        'qty' AS unit
    FROM users
    WHERE margined_qty > 0
        AND NOT permitted
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
