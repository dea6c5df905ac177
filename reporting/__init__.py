"""Independent second line of an event-contract exchange and clearing house.

The flow, and where each step lives:

    land -> validate -> recompute -> stress -> disclose

``contract``   what the senders promise: streams, columns, manifests
``feeds``      drop folder, content-addressed store, parsing, public-API client
``lake``       the DuckLake: one commit per stage and business date
``rulebook``   the rules of ``data_checks/`` and how they are run
``model``      pure domain model: outcome states, margin, stress, default
``pipeline``   what each stage does, in flow order, without Dagster
``packs``      disclosure packs as PDF
``calculators`` the same model, one JSON document in, one out
``simulator``  a venue, or a clearing book on a real tape (independent code)
``desk``       Dagster: assets, jobs, schedules, sensors (thin)
``cli``        the ``reporting`` command
"""
