"""A mail server on this machine that takes every mail and shows it, for as long as a test lasts."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast


class Inbox(socketserver.ThreadingTCPServer):
    """RFC 5321, as much of it as a client needs that has one mail to send."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.port = int(self.server_address[1])
        self.mails: list[EmailMessage] = []
        self.refuses = ""  # a recipient that is not taken


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        inbox = cast(Inbox, self.server)
        self._say("220 test")
        while line := self.rfile.readline().decode().strip():
            match line[:4].upper():
                case "EHLO" | "HELO":
                    self._say("250 test")
                case "RCPT" if inbox.refuses and inbox.refuses in line:
                    self._say("550 no such person")
                case "DATA":
                    self._say("354 go on")
                    inbox.mails.append(self._mail())
                    self._say("250 taken")
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 ok")

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def _mail(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        return message_from_bytes(b"".join(lines), policy=policy.default)


@contextmanager
def inbox() -> Iterator[Inbox]:
    with Inbox() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
