"""A person is told when a run fails or finds errors: real servers on loopback listen."""

import email
import json
import socket
from datetime import date

import dagster as dg
import pytest

from reporting.definitions import defs
from reporting.desk.notify import send_message
from reporting.desk.sensors import alerts_raised, errors_found, run_failed
from reporting.errors import UserError
from reporting.settings import Settings
from reporting.stages.run import workbench

pytestmark = pytest.mark.slow


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
    assert send_message(Settings(), "subject", "body") == []


def test_mail_and_webhook_carry_subject_and_body(mail_server, hook_server):
    settings = Settings(
        alert_email="desk@example.org",
        smtp=f"127.0.0.1:{mail_server.server_address[1]}",
        alert_webhook=address(hook_server),
    )
    assert send_message(settings, "run failed: 2025-04-08", "why\nand where") == [
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
        send_message(settings, "subject", "body")
    assert len(mail_server.received) == 1


def test_a_webhook_that_refuses_is_an_error(hook_server):
    hook_server.status = 500
    with pytest.raises(UserError, match="500"):
        send_message(Settings(alert_webhook=address(hook_server)), "subject", "body")


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


def put_findings(settings: Settings, *rows: tuple[str, str, str, str, str]) -> None:
    """Findings of 8 April: stage, rule, severity, subject and detail."""
    with workbench(settings) as bench, bench.lake.commit("land", date(2025, 4, 8), "test"):
        for stage, rule, severity, subject, detail in rows:
            bench.lake.connection.execute(
                f"INSERT INTO lake.{stage}.findings"
                " (business_date, rule_id, severity, subject, detail, owner)"
                " VALUES ('2025-04-08', ?, ?, ?, ?, 'risk')",
                [rule, severity, subject, detail],
            )


def end_of(sensor: dg.SensorDefinition, job: str = "day") -> None:
    """What the sensor does when a run of the job has succeeded."""
    with dg.DagsterInstance.ephemeral() as instance:
        outcome = run(instance, job)
        sensor(
            dg.build_run_status_sensor_context(
                sensor.name, outcome.get_run_success_event(), instance, outcome.dagster_run
            )
        )


WARNINGS = (
    ("stress", "STRESS-COVERAGE", "WARN", "ladder/all", "8 breaches"),
    ("stress", "STRESS-COVERAGE", "WARN", "accounts/all", "3 breaches"),
    ("recompute", "RECOMPUTE-UTILISATION", "WARN", "venue", "initial margin 95"),
    ("land", "LAND-HISTORY", "INFO", "trades", "for the record"),
)


@pytest.mark.slow
@pytest.mark.parametrize("errors", [0, 60])
def test_a_day_with_findings_tells_each_error_and_each_warning_rule(settings, stages, told, errors):
    """A warning wants a person too, but one line for each rule; what is for the record is not
    sent."""
    _, hooks = told
    rows = [
        ("land", "LAND-HASH", "ERROR", f"trades: {number:02d}", "other bytes")
        for number in range(errors)
    ]
    put_findings(settings, *rows, *WARNINGS)
    end_of(errors_found)
    told_of = json.loads(hooks[0])
    assert told_of["subject"] == f"{errors} ERROR and 3 WARN findings: 2025-04-08"
    lines = told_of["text"].splitlines()
    if errors:
        assert lines[0] == "LAND-HASH  trades: 00: other bytes"
        assert lines[50].startswith("and 10 more")
    assert lines[51 if errors else 0 :] == [
        "RECOMPUTE-UTILISATION  1 for risk, the first: venue: initial margin 95",
        "STRESS-COVERAGE  2 for risk, the first: accounts/all: 3 breaches",
    ]


@pytest.mark.slow
def test_a_day_that_is_only_for_the_record_tells_nobody(settings, stages, told):
    _, hooks = told
    put_findings(settings, WARNINGS[-1])
    end_of(errors_found)
    assert hooks == []


@pytest.mark.slow
def test_within_the_day_only_errors_are_told_as_findings(settings, stages, told):
    """Its warnings are alerts of a cycle, which have their own sensor."""
    _, hooks = told
    put_findings(settings, *WARNINGS)
    end_of(errors_found, "intraday")
    assert hooks == []
    put_findings(settings, ("land", "LAND-HASH", "ERROR", "trades", "other bytes"))
    end_of(errors_found, "intraday")
    assert [json.loads(hook)["subject"] for hook in hooks] == ["1 ERROR findings: 2025-04-08"]


@pytest.mark.slow
def test_an_error_is_told_once_within_the_day_and_again_with_the_whole(settings, stages, told):
    """The runs of the cycles find again what is wrong with the files of the morning."""
    _, hooks = told
    put_findings(settings, ("land", "LAND-HASH", "ERROR", "trades", "other bytes"))
    end_of(errors_found, "intraday")
    end_of(errors_found, "intraday")
    put_findings(settings, ("land", "LAND-HASH", "ERROR", "accounts", "other bytes"))
    end_of(errors_found, "intraday")
    end_of(errors_found)
    assert [json.loads(hook)["text"].splitlines() for hook in hooks] == [
        ["LAND-HASH  trades: other bytes"],
        ["LAND-HASH  accounts: other bytes"],
        ["LAND-HASH  accounts: other bytes", "LAND-HASH  trades: other bytes"],
    ]


LOSS, SHORTFALL, CONCENTRATION = (
    f"RECOMPUTE-CYCLE-{kind}" for kind in ("LOSS", "SHORTFALL", "CONCENTRATION")
)


def put_cycles(settings: Settings, *names: str) -> None:
    with workbench(settings) as bench, bench.lake.commit("recompute", date(2025, 4, 8), "test"):
        for name in names:
            bench.lake.connection.execute(
                "INSERT INTO lake.recompute.cycles (business_date, cycle) VALUES (?, ?)",
                [date(2025, 4, 8), name],
            )


@pytest.mark.slow
def test_each_alert_of_the_newest_cycle_is_told_once(settings, stages, told):
    """Calls for margin come first. Those of the cycle before were told when it was run; when a
    cycle is run again, what is new in it is told, and what only changed its amount is not."""
    _, hooks = told
    put_cycles(settings, "12:00", "16:00")
    put_findings(
        settings,
        ("recompute", LOSS, "WARN", "12:00 A1", "lost 9"),
        ("recompute", CONCENTRATION, "INFO", "16:00 A2/K", "holds half"),
        ("recompute", SHORTFALL, "WARN", "16:00 A1", "short by 5"),
        ("recompute", "RECOMPUTE-NO-WINNER", "WARN", "16:00 K", "no alert"),
    )
    end_of(alerts_raised, "intraday")
    assert stages.ran == [(stage, "2025-04-08") for stage in ("land", "validate", "recompute")]
    assert json.loads(hooks[0]) == {
        "subject": "2 intraday alerts (1 WARN): 2025-04-08 16:00",
        "text": f"WARN  {SHORTFALL}  A1: short by 5\nINFO  {CONCENTRATION}  A2/K: holds half",
    }
    end_of(alerts_raised, "intraday")
    assert len(hooks) == 1
    put_findings(
        settings,
        ("recompute", SHORTFALL, "WARN", "16:00 A1", "short by 6"),
        ("recompute", LOSS, "WARN", "16:00 A1", "lost 12"),
    )
    end_of(alerts_raised, "intraday")
    assert [json.loads(hook)["text"] for hook in hooks[1:]] == [f"WARN  {LOSS}  A1: lost 12"]
    record = (settings.home / "alerts" / "2025-04-08.jsonl").read_text().splitlines()
    assert [json.loads(line)["subject"] for line in record] == ["A1", "A2/K", "A1"]
    assert json.loads(record[0])["places"] == ["webhook", "e-mail"]


@pytest.mark.slow
def test_at_the_end_of_the_day_the_exposures_that_no_cycle_told_of_are_told(settings, stages, told):
    """Whether at the newest cycle or before. UTILISATION is no exposure."""
    _, hooks = told
    put_cycles(settings, "12:00")
    put_findings(
        settings,
        ("recompute", CONCENTRATION, "INFO", "12:00 A2/K", "holds half"),
        ("recompute", "RECOMPUTE-CONCENTRATION", "INFO", "A2/K", "holds more than half"),
        ("recompute", "RECOMPUTE-CONCENTRATION", "INFO", "A1/K", "holds a third"),
        ("recompute", "RECOMPUTE-LEVERAGE", "INFO", "A2/K", "can lose 9"),
        ("recompute", "RECOMPUTE-UTILISATION", "WARN", "venue", "initial margin 95"),
    )
    end_of(alerts_raised, "intraday")
    put_cycles(settings, "16:00")
    end_of(alerts_raised)
    end_of(alerts_raised)
    assert json.loads(hooks.pop()) == {
        "subject": "2 exposures: 2025-04-08 EOD",
        "text": "INFO  RECOMPUTE-CONCENTRATION  A1/K: holds a third\n"
        "INFO  RECOMPUTE-LEVERAGE  A2/K: can lose 9",
    }
    assert len(hooks) == 1


@pytest.mark.slow
def test_an_alert_that_could_not_be_sent_is_told_next_time(settings, stages, told, hook_server):
    _, hooks = told
    put_cycles(settings, "12:00")
    put_findings(settings, ("recompute", LOSS, "WARN", "12:00 A1", "lost 9"))
    hook_server.status = 500
    with pytest.raises(Exception, match="500"):
        end_of(alerts_raised, "intraday")
    hook_server.status = 200
    end_of(alerts_raised, "intraday")
    end_of(alerts_raised, "intraday")
    assert len(hooks) == 2


@pytest.mark.slow
def test_where_nothing_is_set_nothing_counts_as_told(settings, stages, monkeypatch, hook_server):
    """Once a place is set, it is told of what there is."""
    put_cycles(settings, "12:00")
    put_findings(settings, ("recompute", LOSS, "WARN", "12:00 A1", "lost 9"))
    end_of(alerts_raised, "intraday")
    monkeypatch.setenv("REPORTING_ALERT_WEBHOOK", address(hook_server))
    end_of(alerts_raised, "intraday")
    assert len(hook_server.received) == 1
