"""Mail to a server that speaks TLS and asks for a password, which nobody else is told."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from api.settings import Settings
from geo.errors import BadInputError
from office import mail, people
from office.mail import Mail, MailError
from tests.office.tls_smtp import HOST, PASSWORD, USER, Post, certificate, post

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
SENDER, LAN = "cotmoc@example.vn", "lan@example.vn"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tls")


@pytest.fixture(scope="module")
def good(folder: Path) -> Path:
    return certificate(folder)


@pytest.fixture(autouse=True)
def trusted(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(good))


def send(to: Post, *, user: str = USER, password: str = PASSWORD, **more: bool) -> None:
    server = Mail(HOST, to.port, SENDER, user=user, password=password, **more)
    mail.send(server, to=LAN, name="Lan", subject="Nhắc việc", text="Cột mốc 48 quá hạn.\n")


@pytest.mark.parametrize("whole", [False, True], ids=["starttls", "tls"])
def test_a_mail_goes_by_tls_with_a_password(good: Path, whole: bool) -> None:
    with post(good, whole=whole) as server:
        send(server, starttls=not whole, tls=whole)
    [taken] = server.mails
    assert (taken.mail_from, taken.rcpt_tos) == (SENDER, [LAN])
    assert server.tried == [PASSWORD.encode()]
    assert "AUTH" in server.commands


@pytest.mark.parametrize("whole", [False, True], ids=["starttls", "tls"])
@pytest.mark.parametrize("flaw", ["unknown", "other name", "ended"])
def test_a_server_that_is_another_is_told_nothing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: bool, flaw: str
) -> None:
    host = "127.0.0.9" if flaw == "other name" else HOST
    pem = certificate(tmp_path, host, ended=flaw == "ended")
    if flaw != "unknown":
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    with post(pem, whole=whole) as server, pytest.raises(MailError, match=r"(?i)certificate"):
        send(server, starttls=not whole, tls=whole)
    assert (server.tried, server.mails, "AUTH" in server.commands) == ([], [], False)


def test_a_server_that_offers_no_tls_is_told_no_password() -> None:
    """As somebody on the way makes it look who takes the offer out."""
    with post(None) as server, pytest.raises(MailError, match="STARTTLS"):
        send(server, starttls=True)
    assert (server.tried, server.mails, "AUTH" in server.commands) == ([], [], False)


def test_no_password_goes_in_the_open() -> None:
    with post(None) as server, pytest.raises(MailError, match="without TLS"):
        send(server)
    assert server.commands == []
    given = {"mail_host": HOST, "mail_from": SENDER, "mail_user": USER}
    with pytest.raises(ValidationError, match="COTMOC_MAIL_STARTTLS"):
        Settings(**given)  # type: ignore[arg-type]
    assert Settings(**given, mail_tls=True).mail_server() == Mail(  # type: ignore[arg-type]
        HOST, 25, SENDER, user=USER, tls=True
    )


def test_a_wrong_password_is_refused_and_not_told(good: Path) -> None:
    with post(good) as server, pytest.raises(MailError) as refused:
        send(server, password="another", starttls=True)
    assert server.mails == []
    assert "another" not in str(refused.value)


@pytest.mark.parametrize(
    "text", ["lan", "lan@", "lan@x\r\nBcc: y@z.vn", f"{'l' * 250}@x.vn", "mốc@x.vn"]
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(BadInputError):
        people.checked_mail(text)


def test_a_password_that_cannot_be_sent_is_refused(good: Path) -> None:
    with post(good) as server, pytest.raises(MailError, match="ASCII") as refused:
        send(server, password="ba hòn đá", starttls=True)
    assert "đá" not in str(refused.value)


def test_an_address_may_be_taken_away() -> None:
    assert (people.checked_mail(f" {LAN} "), people.checked_mail(" ")) == (LAN, None)
