-- grain: one row per number of failing groups and cluster that moves
-- meaning: the worst plausible scenario found beyond the library: who fails, which clusters move how far, how likely that is and what it costs; probabilities in 1e-12, severity in hundredths of a standard deviation
-- owner: risk
SELECT
    search.business_date,
    search.groups_failing,
    search.affiliate_groups,
    search.clusters_moved,
    CAST(ROUND(search.severity_sd * 100) AS BIGINT) AS severity_e2,
    CAST(ROUND(search.independent_probability * 1000000000000) AS BIGINT) AS independent_probability_e12,
    CAST(ROUND(search.correlated_probability * 1000000000000) AS BIGINT) AS correlated_probability_e12,
    search.loss_centicents,
    search.uncovered_centicents,
    search.shortfall_centicents,
    search.prefunded_centicents,
    search.sets_tried,
    search.plausible_per_billion,
    clusters.cluster,
    clusters.category,
    clusters.moved_events,
    clusters.loss_centicents AS cluster_loss_centicents
FROM stress.search AS search
LEFT JOIN stress.search_clusters AS clusters
    ON clusters.business_date = search.business_date
    AND clusters.groups_failing = search.groups_failing
WHERE search.business_date = $business_date
ORDER BY search.groups_failing, clusters.loss_centicents DESC, clusters.cluster
