"""One-time links by mail, to whoever has an address, where the settings name a mail server."""

from __future__ import annotations

import logging

from fastapi import Request

from api.settings import Settings
from office import invitations, mail
from office.clock import HOUR
from office.mail import MailError

log = logging.getLogger(__name__)
OUTCOMES = ("sent", "failed", "none")
_HOURS = invitations.LASTS_S // HOUR
_SUBJECT = "Cột Mốc: {vi} / {en}"
_TEXT = """{vi}: mở liên kết này một lần, trong {hours} giờ.
{en}: open this link once, within {hours} hours.

{link}

Nếu bạn không chờ thư này, hãy báo người quản trị.
If you did not expect this mail, tell your administrator.
"""
INVITED = {"vi": "Lời mời", "en": "Invitation"}
RESET = {"vi": "Đặt lại mật khẩu", "en": "New password"}


def send(request: Request, link: str, *, to: str | None, name: str, about: dict[str, str]) -> str:
    """Send a link; returns what came of it, one of OUTCOMES, for the link is shown as well."""
    settings: Settings = request.app.state.settings
    server = settings.mail_server()
    if server is None or to is None:
        return "none"
    subject, text = _SUBJECT.format(**about), _TEXT.format(link=link, hours=_HOURS, **about)
    try:
        mail.send(server, to=to, name=name, subject=subject, text=text)
    except MailError as error:
        log.warning("a link was not sent: %s", error.detail)
        return "failed"
    return "sent"
