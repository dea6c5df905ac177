"""Tell a person that something failed: by webhook, by e-mail, or both, as set.

Neither is sent unless REPORTING_ALERT_WEBHOOK or REPORTING_ALERT_EMAIL says where to.
"""

import smtplib
from email.message import EmailMessage

import requests

from reporting.settings import Settings

_TIMEOUT_SECONDS = 10


def send_alert(settings: Settings, subject: str, body: str) -> list[str]:
    """Send to every place that is set; returns where it went. Raises what sending raises."""
    sent = []
    if settings.alert_webhook:
        message = {"subject": subject, "text": body}
        answer = requests.post(settings.alert_webhook, json=message, timeout=_TIMEOUT_SECONDS)
        answer.raise_for_status()
        sent.append("webhook")
    if settings.alert_email:
        message = EmailMessage()
        message["Subject"] = subject
        message["From"] = settings.alert_email
        message["To"] = settings.alert_email
        message.set_content(body)
        host, _, port = settings.smtp.partition(":")
        with smtplib.SMTP(host, int(port or 25), timeout=_TIMEOUT_SECONDS) as server:
            server.send_message(message)
        sent.append("e-mail")
    return sent
