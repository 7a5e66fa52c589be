"""Settings of the server, from environment variables that begin with COTMOC_."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Self

from pydantic import (
    BeforeValidator,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from api.logs import Form, Requests
from geo import files
from geo.evidence.place import Place
from office import mail
from office.mail import Mail

ROOT = Path(__file__).resolve().parent.parent


class Viewpoint(StrEnum):
    """Whose view of disputed places the map draws."""

    VN = "vn"
    NEUTRAL = "neutral"


def _networks(value: object) -> object:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, Iterable):
        return value
    return tuple(ip_network(str(part).strip()) for part in parts if str(part).strip())


def _texts(value: object) -> object:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, Iterable):
        return value
    return tuple(str(part).strip() for part in parts if str(part).strip())


Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]  # with commas between
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], BeforeValidator(_networks)]
LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


class Settings(BaseSettings):
    """All that an operator can set; a value out of range stops the start with its name."""

    model_config = SettingsConfigDict(env_prefix="COTMOC_")

    store: Path | str = ROOT / "var" / "cotmoc.gpkg"
    office: Path | str | None = None  # the private database; absent = beside the store
    office_key: Path | None = None  # seals secrets in it; absent = beside it, or var/office.key
    evidence: str | None = None  # a folder or an address for fsspec; absent = beside the store
    max_evidence_bytes: int = Field(default=26_214_400, ge=1_024)  # of a photo or document
    results: Path | None = None  # folder of the files that come of jobs; absent = beside the store
    imports: Path | None = None  # folder of the uploads to import; absent = beside the store
    import_rows: int = Field(default=5_000, ge=0)  # of a file that is judged while one waits
    session_idle_s: int = Field(default=7_200, ge=60, le=86_400)  # without a request
    session_whole_s: int = Field(default=43_200, ge=300, le=604_800)  # from sign-in to its end
    oidc_issuer: str = ""  # address of an identity provider; empty = none
    oidc_client_id: str = "cotmoc"
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_scope: str = "openid profile groups"
    oidc_groups_claim: str = "groups"
    oidc_roles: Annotated[Texts, NoDecode] = ()  # group=role:province+province
    oidc_second_factor: Annotated[Texts, NoDecode] = ("mfa",)  # values of amr that count as one
    oidc_tokens_days: int = Field(default=30, ge=0)  # after a sign-in there; 0 = no matter
    data: Path = ROOT / "data"
    web: Path = ROOT / "web" / "dist"
    viewpoint: Viewpoint = Viewpoint.VN
    root_path: str = ""  # what a reverse proxy takes off the front of each path
    trusted_proxies: Annotated[Networks, NoDecode] = LOOPBACK  # whose word on the address counts
    max_limit: int = Field(default=10_000, ge=1, le=100_000)  # features of one answer
    cache_seconds: int = Field(default=0, ge=0, le=86_400)  # how long a client need not ask again
    read_stores: Annotated[Texts, NoDecode] = ()  # copies that follow the store, to read from
    kept_bytes: int = Field(default=32 * 2**20, ge=0)  # of finished answers, in each process
    cors_origins: Annotated[Texts, NoDecode] = ("*",)  # who may write too; * may read
    allow_anonymous_writes: bool = False  # to programs on this machine alone, see api.gate
    require_if_match: bool = True  # of changes; without it the last writer wins
    audit_key: Path | None = None  # private key that signs the history, see api.signing
    audit_to: Annotated[Texts, NoDecode] = ()  # files of checkpoints, best on several machines
    audit_every: int = Field(default=1_000, ge=1)  # changes between two checkpoints
    limit_reads: float = Field(default=500, ge=0)  # requests a second of an address, each process
    limit_changes: float = Field(default=10, ge=0)  # a second of an account; an address 4 times
    limit_files: float = Field(default=1, ge=0)  # exports, the same
    limit_loopback: bool = False  # whether programs on this machine are limited too
    max_connections: int = Field(default=1_000, ge=10)  # at once, in each process
    body_seconds: float = Field(default=20, ge=0.1)  # for the body of a request, and 1 s per 4 KiB
    read_seconds: float = Field(default=30, ge=0, le=86_400)  # of a read, less exports; 0 = any
    log: Form = Form.TEXT
    log_requests: Requests = Requests.NOTABLE
    metrics_token: SecretStr = SecretStr("")  # who shows it may read /metrics from elsewhere
    max_body_bytes: int = Field(default=10_485_760, ge=1_024)  # of a feature that is written
    backup_to: Path | None = None  # folder of the daily backups; absent = none are made
    backup_hour: int = Field(default=2, ge=0, le=23)  # from which on that of the day is due
    backup_keep: int = Field(default=14, ge=1, le=3_650)  # daily backups that are kept
    reminders_hour: int | None = Field(default=None, ge=0, le=23)  # absent = none are made
    mail_host: str = ""  # mail server for reminders; empty = no mail
    mail_port: int = Field(default=25, ge=1, le=65_535)
    mail_user: str = ""  # empty = the mail server asks for none
    mail_password: SecretStr = SecretStr("")
    mail_starttls: bool = False
    mail_tls: bool = False  # from the first byte, on port 465
    mail_from: str = Field(default="", validate_default=True)  # who writes

    @field_validator("mail_from")
    @classmethod
    def _sender(cls, value: str, info: ValidationInfo) -> str:
        if info.data.get("mail_host") and not mail.is_address(value):
            raise ValueError("the mail server needs an address to send from")
        return value

    @model_validator(mode="after")
    def _password_in_private(self) -> Self:
        if self.mail_user and not (self.mail_starttls or self.mail_tls):
            raise ValueError("a password of mail goes over TLS: set COTMOC_MAIL_STARTTLS or _TLS")
        return self

    def mail_server(self) -> Mail | None:
        """Return the mail server, if one is named."""
        if not self.mail_host:
            return None
        return Mail(
            self.mail_host,
            self.mail_port,
            self.mail_from,
            user=self.mail_user,
            password=self.mail_password.get_secret_value(),
            starttls=self.mail_starttls,
            tls=self.mail_tls,
        )

    def place_of_evidence(self) -> Place:
        """Return where photos and documents lie. Raises StoreError."""
        beside = files.beside(self.store, "evidence", folder=ROOT / "var")
        return Place(self.evidence or beside)

    def folder_of_evidence(self) -> Path | None:
        """Return the folder of photos and documents; None where an object store keeps them."""
        if self.evidence is None:
            return files.beside(self.store, "evidence", folder=ROOT / "var")
        return None if "://" in self.evidence else Path(self.evidence)

    def folder_of_results(self) -> Path:
        """Return where the files that come of jobs lie until they are thrown away."""
        return self.results or files.beside(self.store, "results", folder=ROOT / "var")

    def folder_of_imports(self) -> Path:
        """Return where files wait to be imported, for the server and for the worker."""
        return self.imports or files.beside(self.store, "imports", folder=ROOT / "var")
