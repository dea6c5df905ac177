"""A person is told when a run fails or finds errors: real servers on loopback listen."""

import email
import json
import socket
from datetime import date

import dagster as dg
import pytest

from reporting.alerts import send_alert
from reporting.definitions import defs
from reporting.desk.sensors import alerts_raised, errors_found, run_failed
from reporting.errors import UserError
from reporting.pipeline.run import workbench
from reporting.settings import Settings


@pytest.fixture
def told(settings, mail_server, hook_server, monkeypatch):
    """Both places are set, in the environment as for a real installation."""
    monkeypatch.setenv("REPORTING_ALERT_EMAIL", "desk@example.org")
    monkeypatch.setenv("REPORTING_SMTP", f"127.0.0.1:{mail_server.server_address[1]}")
    monkeypatch.setenv("REPORTING_ALERT_WEBHOOK", address(hook_server))
    return mail_server.received, hook_server.received


def address(server) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}/alert"


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_nothing_is_sent_when_nothing_is_set():
    assert send_alert(Settings(), "subject", "body") == []


def test_mail_and_webhook_carry_subject_and_body(mail_server, hook_server):
    settings = Settings(
        alert_email="desk@example.org",
        smtp=f"127.0.0.1:{mail_server.server_address[1]}",
        alert_webhook=address(hook_server),
    )
    assert send_alert(settings, "run failed: 2025-04-08", "why\nand where") == [
        "webhook",
        "e-mail",
    ]
    message = email.message_from_string(mail_server.received[0])
    assert message["Subject"] == "run failed: 2025-04-08"
    assert message["To"] == "desk@example.org"
    assert message.get_payload().split() == ["why", "and", "where"]
    assert json.loads(hook_server.received[0]) == {
        "subject": "run failed: 2025-04-08",
        "text": "why\nand where",
    }


def test_a_place_that_does_not_answer_keeps_no_other_from_being_told(mail_server):
    settings = Settings(
        alert_email="desk@example.org",
        smtp=f"127.0.0.1:{mail_server.server_address[1]}",
        alert_webhook=f"http://127.0.0.1:{closed_port()}/",
    )
    with pytest.raises(UserError, match="webhook"):
        send_alert(settings, "subject", "body")
    assert len(mail_server.received) == 1


def test_a_webhook_that_refuses_is_an_error(hook_server):
    hook_server.status = 500
    with pytest.raises(UserError, match="500"):
        send_alert(Settings(alert_webhook=address(hook_server)), "subject", "body")


def run(instance: dg.DagsterInstance, job: str = "day"):
    return defs.resolve_job_def(job).execute_in_process(
        partition_key="2025-04-08", instance=instance, raise_on_error=False
    )


def test_a_failed_run_tells_stage_and_reason(stages, told):
    mails, hooks = told
    stages.error = UserError("the drop folder is gone; give another --input")
    with dg.DagsterInstance.ephemeral() as instance:
        outcome = run(instance)
        assert not outcome.success
        run_failed(
            dg.build_run_status_sensor_context(
                "run_failed", outcome.get_run_failure_event(), instance, outcome.dagster_run
            ).for_run_failure()
        )
    text = "stage land: the drop folder is gone; give another --input"
    assert json.loads(hooks[0]) == {"subject": "run failed: 2025-04-08", "text": text}
    assert email.message_from_string(mails[0])["Subject"] == "run failed: 2025-04-08"


@pytest.mark.slow
@pytest.mark.parametrize("errors", [0, 60])
def test_a_day_with_error_findings_tells_them(settings, stages, told, errors):
    _, hooks = told
    with workbench(settings) as bench, bench.lake.commit("land", date(2025, 4, 8), "test"):
        for number in range(errors):
            bench.lake.connection.execute(
                "INSERT INTO lake.land.findings (business_date, rule_id, severity, subject, detail)"
                " VALUES ('2025-04-08', 'LAND-HASH', 'ERROR', ?, 'other bytes')",
                [f"trades: {number:02d}"],
            )
        bench.lake.connection.execute(
            "INSERT INTO lake.land.findings (business_date, rule_id, severity, subject, detail)"
            " VALUES ('2025-04-08', 'LAND-EMPTY', 'WARN', 's', 'd')"
        )
    with dg.DagsterInstance.ephemeral() as instance:
        outcome = run(instance)
        errors_found(
            dg.build_run_status_sensor_context(
                "errors_found", outcome.get_run_success_event(), instance, outcome.dagster_run
            )
        )
    if errors == 0:
        assert hooks == []
        return
    told_of = json.loads(hooks[0])
    assert told_of["subject"] == "60 ERROR findings: 2025-04-08"
    lines = told_of["text"].splitlines()
    assert lines[0] == "LAND-HASH  trades: 00: other bytes"
    assert len(lines) == 51
    assert lines[-1].startswith("and 10 more")


@pytest.mark.slow
def test_the_alerts_of_the_newest_cycle_are_told_once(settings, stages, told):
    """Calls for margin come first; those of the cycle before were told when it was run."""
    _, hooks = told
    alerts = [
        ("12:00", "LOSS", "A1", "lost 9"),
        ("16:00", "CONCENTRATION", "A2/K", "holds half"),
        ("16:00", "SHORTFALL", "A1", "short by 5"),
    ]
    with workbench(settings) as bench, bench.lake.commit("recompute", date(2025, 4, 8), "test"):
        for cycle in ("12:00", "16:00"):
            bench.lake.connection.execute(
                "INSERT INTO lake.recompute.cycles (business_date, cycle) VALUES (?, ?)",
                [date(2025, 4, 8), cycle],
            )
        for alert in alerts:
            bench.lake.connection.execute(
                "INSERT INTO lake.recompute.cycle_alerts"
                " (business_date, cycle, kind, subject, words) VALUES ('2025-04-08', ?, ?, ?, ?)",
                alert,
            )
    with dg.DagsterInstance.ephemeral() as instance:
        outcome = run(instance, "intraday")
        assert [stage for stage, _ in stages.ran] == ["land", "validate", "recompute"]
        alerts_raised(
            dg.build_run_status_sensor_context(
                "alerts_raised", outcome.get_run_success_event(), instance, outcome.dagster_run
            )
        )
    assert json.loads(hooks[0]) == {
        "subject": "2 intraday alerts: 2025-04-08 16:00",
        "text": "SHORTFALL  A1: short by 5\nCONCENTRATION  A2/K: holds half",
    }
