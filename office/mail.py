"""Sending mail by the mail server of the settings.

A password goes to a server alone that has shown a certificate for its name, over TLS.
"""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import TYPE_CHECKING

from geo.errors import GeoError
from geo.later import later

if TYPE_CHECKING:
    import smtplib
    from email import headerregistry
else:
    smtplib = later("smtplib")
    headerregistry = later("email.headerregistry")

TIMEOUT_S = 20.0
MOST = 254  # letters of an address, RFC 5321
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]+(\.[\w-]+)+")


class MailError(GeoError):
    """A mail could not be handed to the mail server."""

    code = "mail_not_sent"


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail server and who writes; without a `user` it asks for no password.

    TLS begins with the first byte (`tls`, RFC 8314) or when asked for (`starttls`, RFC 3207).
    """

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False

    @property
    def is_private(self) -> bool:
        """Whether what is said to it is read by nobody else."""
        return self.tls or self.starttls


def is_address(text: str) -> bool:
    """Say whether mail can be sent to a text, such as the login of an account."""
    return text.isascii() and len(text) <= MOST and _ADDRESS.fullmatch(text) is not None


def send(mail: Mail, *, to: str, name: str, subject: str, text: str) -> None:
    """Hand a plain text to the mail server.

    Raises:
        MailError: it does not take it, cannot be reached, or is another than it should be; or a
            password would be sent in the open.
    """
    if mail.user and not mail.is_private:
        raise MailError(f"No password is sent to {mail.host} without TLS")
    if not (mail.user + mail.password).isascii():
        raise MailError("The name and the password of the mail server have to be ASCII")
    message = EmailMessage()
    message["From"] = mail.sender
    message["To"] = headerregistry.Address(_line(name), addr_spec=to)
    message["Subject"] = _line(subject)
    message["Date"] = formatdate(localtime=True)
    message["Message-ID"] = make_msgid(domain=mail.sender.rpartition("@")[2] or None)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    try:
        with _connected(mail) as server:
            if mail.starttls and not mail.tls:
                server.starttls(context=ssl.create_default_context())
            if mail.user:
                server.login(mail.user, mail.password)
            server.send_message(message)
    except (OSError, smtplib.SMTPException) as error:
        raise MailError(f"The mail server {mail.host}:{mail.port}: {error}") from error


def _connected(mail: Mail) -> smtplib.SMTP:
    if mail.tls:
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(mail.host, mail.port, timeout=TIMEOUT_S, context=context)
    return smtplib.SMTP(mail.host, mail.port, timeout=TIMEOUT_S)


def _line(text: str) -> str:
    return " ".join(text.split())
