"""Independent second line of an event-contract exchange and clearing house.

The flow, and where each step lives:

    land -> validate -> recompute -> stress -> disclose

``contract``    what senders promise: streams, columns, manifests
``feeds``       drop folder, content-addressed store, parsing, public-API client
``lake``        the DuckLake: one commit per stage and business date
``rulebook``    the rules of ``data_checks/``, and how they are run
``model``       pure domain model: events, margin, stress, default, backtest
``engine``      how any stage runs
``stages``      what each stage does, one folder a stage
``studies``     what a person asks for: drills, reviews, backtests
``packs``       disclosure packs as PDF
``wording``     numbers and sentences as every document prints them
``calculators`` the model for one JSON document
``replica``     the margin model a second time, standard library alone
``simulator``   a venue, or a clearing book on a real tape (independent code)
``desk``        Dagster: assets, jobs, schedules, sensors (thin)
``cli``         the ``reporting`` command
"""
