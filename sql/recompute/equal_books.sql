-- grain: one row per account whose book another account holds too
-- meaning: what the venue charges accounts with the same book: the same rebuilt positions, each collateralised in the same way, and the same wrong-way links to the events of their margined positions; the usual charge is the one that most accounts of the book have, of two as frequent the higher; with file and line of the venue's row, empty where it has none
-- owner: risk
WITH linked AS (
    SELECT
        account_id,
        ';' || REGEXP_REPLACE(TRIM(linked_events), ' *; *', ';', 'g') || ';' AS links
    FROM validate.accounts
    WHERE business_date = $business_date
),
held AS (
    SELECT
        positions.account_id,
        positions.closing_qty,
        positions.ticker || '|' || CAST(positions.closing_qty AS VARCHAR) || '|' || CASE
            WHEN positions.collateralisation <> 'margined' THEN positions.collateralisation
            -- The ramp of what an account can influence is full; a book paid in full has none.
            WHEN POSITION(';' || contracts.event_ticker || ';' IN linked.links) > 0
                OR POSITION(';' || contracts.series_ticker || ';' IN linked.links) > 0
                THEN 'margined, wrong-way'
            ELSE 'margined'
        END AS position
    FROM recompute.positions AS positions
    JOIN recompute.contracts AS contracts
        ON contracts.ticker = positions.ticker
        AND contracts.business_date = $business_date
    LEFT JOIN linked
        ON linked.account_id = positions.account_id
    WHERE positions.business_date = $business_date
        AND positions.closing_qty <> 0
),
-- Digests of 128 bits, in no order: writing out and sorting the books of 100,000 accounts would
-- take more memory than a day has.
books AS (
    SELECT
        account_id,
        COUNT(*) AS positions,
        SUM(closing_qty) AS net_qty,
        BIT_XOR(MD5_NUMBER(position)) AS digest
    FROM held
    GROUP BY account_id
),
same AS (
    SELECT
        account_id,
        positions,
        MIN(account_id) OVER (PARTITION BY positions, net_qty, digest) AS first_account_id,
        COUNT(*) OVER (PARTITION BY positions, net_qty, digest) AS accounts
    FROM books
),
charged AS (
    SELECT
        same.account_id,
        same.positions,
        same.first_account_id,
        same.accounts,
        theirs.initial_margin_centicents,
        theirs.worst_case_centicents,
        COALESCE(theirs.file_sha256, '') AS file_sha256,
        theirs.line
    FROM same
    LEFT JOIN validate.margin_requirements AS theirs
        ON theirs.account_id = same.account_id
        AND theirs.business_date = $business_date
        AND theirs.cycle = 'EOD'
    WHERE same.accounts > 1
),
charges AS (
    SELECT
        first_account_id,
        initial_margin_centicents AS usual_centicents,
        MIN(account_id) AS usual_account_id,
        COUNT(*) AS usual_accounts
    FROM charged
    WHERE initial_margin_centicents IS NOT NULL
    GROUP BY first_account_id, initial_margin_centicents
),
ranked AS (
    SELECT
        charges.*,
        ROW_NUMBER() OVER (
            PARTITION BY first_account_id ORDER BY usual_accounts DESC, usual_centicents DESC
        ) AS place
    FROM charges
)
SELECT
    CAST($business_date AS DATE) AS business_date,
    charged.account_id,
    charged.first_account_id,
    charged.accounts,
    charged.positions,
    charged.initial_margin_centicents AS charged_centicents,
    ranked.usual_centicents,
    ranked.usual_accounts,
    ranked.usual_account_id,
    charged.initial_margin_centicents - ranked.usual_centicents AS difference_centicents,
    -- As for the core: within this, the venue may have added up the same book in another order.
    1 + charged.worst_case_centicents // 1000000 AS tolerance_centicents,
    charged.file_sha256,
    charged.line
FROM charged
LEFT JOIN ranked
    ON ranked.first_account_id = charged.first_account_id
    AND ranked.place = 1
