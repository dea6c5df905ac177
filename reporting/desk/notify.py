"""Send a person a message: by webhook, by e-mail, or both.

Nothing is sent unless REPORTING_ALERT_WEBHOOK or REPORTING_ALERT_EMAIL is set.
"""

import smtplib
from email.message import EmailMessage

import requests

from reporting.errors import UserError
from reporting.settings import Settings

_TIMEOUT_SECONDS = 10


def send_message(settings: Settings, subject: str, body: str) -> list[str]:
    """Send to every place that is set; returns where it went.

    If one place does not answer, the others still get the message. Raises UserError naming the
    place.
    """
    sent, failed = [], []
    for place, setting, send in (
        ("webhook", settings.alert_webhook, _to_webhook),
        ("e-mail", settings.alert_email, _to_email),
    ):
        if not setting:
            continue
        try:
            send(settings, subject, body)
        except (OSError, ValueError) as error:
            # Errors of requests and smtplib are OSErrors; ValueError is a faulty address.
            failed.append(f"the message {subject!r} was not sent by {place}: {error}")
        else:
            sent.append(place)
    if failed:
        raise UserError("; ".join(failed))
    return sent


def _to_webhook(settings: Settings, subject: str, body: str) -> None:
    message = {"subject": subject, "text": body}
    answer = requests.post(settings.alert_webhook, json=message, timeout=_TIMEOUT_SECONDS)
    answer.raise_for_status()


def _to_email(settings: Settings, subject: str, body: str) -> None:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = settings.alert_email
    message["To"] = settings.alert_email
    message.set_content(body)
    host, _, port = settings.smtp.partition(":")
    with smtplib.SMTP(host, int(port or 25), timeout=_TIMEOUT_SECONDS) as server:
        server.send_message(message)
