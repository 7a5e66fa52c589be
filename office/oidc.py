"""Signing in at an identity provider: OpenID Connect, code flow with PKCE.

The provider proves who somebody is; his groups, by the operator's setting, say what he is here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import BigInteger, Column, Connection, Engine, Table, Text, delete, insert

from geo.errors import BadInputError
from office import administering, clock, events, logins, people, secret, sessions
from office.actor import ROLES, Role
from office.clock import MINUTE
from office.database import metadata, writing
from office.errors import BadCredentialsError, ForgedError, NoRoleError, ProviderError
from office.events import By, Kind
from office.people import Person
from office.sessions import Session

if TYPE_CHECKING:
    from authlib.integrations.httpx_client import OAuth2Client
    from joserfc.jwk import KeySet

LASTS_S = 10 * MINUTE  # a sign-in, from here to the provider and back
TIMEOUT_S = 10.0  # of one request to the provider
LEEWAY_S = 60  # that its clock may be off
KNOWN_S = 60 * MINUTE  # how long what it says of itself is believed
DENIED = "access_denied"  # what a provider says where somebody may not, or would not, sign in
MOST_ERROR = 80  # characters of another error that are kept in the log
SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA", "Ed25519")
flows = Table(
    "oidc_flows",
    metadata,
    Column("digest", Text, primary_key=True),  # of the state, which the browser holds too
    Column("nonce", Text, nullable=False),
    Column("verifier", Text, nullable=False),  # of PKCE
    Column("next", Text, nullable=False),  # path of ours to go to
    Column("expires_at", BigInteger, nullable=False, index=True),  # seconds since 1970
)


class Grant(NamedTuple):
    """What the members of a group are here."""

    group: str
    role: Role
    provinces: frozenset[str]


def grants(texts: Iterable[str]) -> tuple[Grant, ...]:
    """Read group=role or group=role:province+province; of a person's groups the first counts.

    Raises:
        BadInputError: a text is none of these.
    """
    return tuple(_grant(text) for text in texts)


def _grant(text: str) -> Grant:
    group, _, rest = text.rpartition("=")
    role, _, provinces = rest.partition(":")
    held = ROLES.get(role.strip())
    if not group.strip() or held is None or held is Role.ANONYMOUS:
        raise BadInputError(
            f"{text!r} is not group=role or group=role:province+province",
            parameter="COTMOC_OIDC_ROLES",
        )
    ids = frozenset(one.strip() for one in provinces.split("+") if one.strip())
    return Grant(group.strip(), held, ids)


@dataclass(frozen=True, slots=True)
class Provider:
    """What the operator says of the identity provider."""

    issuer: str
    client_id: str
    client_secret: str
    scope: str
    groups_claim: str
    grants: tuple[Grant, ...]
    second_factor: frozenset[str]  # values of `amr` that count as one


class Start(NamedTuple):
    """Where to send the browser, and what it has to bring back."""

    address: str
    state: str


class Flow(NamedTuple):
    """A sign-in that was begun."""

    nonce: str
    verifier: str
    next: str


@dataclass(slots=True)
class Client:
    """Speaks with the identity provider; keeps for a while what that says of itself."""

    provider: Provider
    _known: dict[str, Any] = field(default_factory=dict)
    _known_at: int = 0

    def metadata(self) -> dict[str, Any]:
        """Return what the provider says of itself. Raises ProviderError."""
        if not self._known or clock.now() - self._known_at > KNOWN_S:
            base = self.provider.issuer.rstrip("/")
            found = self._get(f"{base}/.well-known/openid-configuration")
            if found.get("issuer") != self.provider.issuer:
                raise ProviderError("The identity provider names another issuer than the settings")
            self._known, self._known_at = found, clock.now()
        return self._known

    def keys(self) -> KeySet:
        """Return the keys that it signs with, of now. Raises ProviderError."""
        from joserfc.jwk import KeySet  # noqa: PLC0415 - most servers need no such client

        return KeySet.import_key_set(self._get(self.endpoint("jwks_uri")))  # type: ignore[arg-type]

    def endpoint(self, name: str) -> str:
        """Return an address of the provider's. Raises ProviderError."""
        return _secure(str(self.metadata().get(name, "")))

    def _get(self, address: str, token: str | None = None) -> dict[str, Any]:
        import httpx  # noqa: PLC0415

        headers = {"authorization": f"Bearer {token}"} if token else {}
        try:
            answer = httpx.get(_secure(address), headers=headers, timeout=TIMEOUT_S)
            answer.raise_for_status()
            found = answer.json()
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise ProviderError(f"The identity provider cannot be read: {error}") from error
        if not isinstance(found, dict):
            raise ProviderError("The identity provider answers something else than was asked")
        return found

    def client(self, redirect: str) -> OAuth2Client:
        """Return a client of OAuth 2.0 for one sign-in."""
        from authlib.integrations.httpx_client import OAuth2Client  # noqa: PLC0415

        return OAuth2Client(
            self.provider.client_id,
            self.provider.client_secret or None,
            scope=self.provider.scope,
            redirect_uri=redirect,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic"
            if self.provider.client_secret
            else "none",
            timeout=TIMEOUT_S,
        )

    def claims(self, redirect: str, code: str, flow: Flow) -> dict[str, Any]:
        """Return what the provider says of the person, proved.

        Raises:
            ProviderError: it cannot be reached, or what it says does not hold.
        """
        import httpx  # noqa: PLC0415
        from authlib.common.errors import AuthlibBaseError  # noqa: PLC0415
        from joserfc.errors import JoseError  # noqa: PLC0415

        try:
            with self.client(redirect) as client:
                tokens: Mapping[str, Any] = client.fetch_token(
                    self.endpoint("token_endpoint"), code=code, code_verifier=flow.verifier
                )
            proved = self._proved(str(tokens.get("id_token", "")), flow.nonce)
        except (httpx.HTTPError, AuthlibBaseError, JoseError, ValueError) as error:
            raise ProviderError(f"The sign-in does not hold: {type(error).__name__}") from error
        if self.provider.groups_claim in proved or "userinfo_endpoint" not in self.metadata():
            return proved
        more = self._get(self.endpoint("userinfo_endpoint"), str(tokens["access_token"]))
        if more.get("sub") != proved["sub"]:
            raise ProviderError("The identity provider speaks of somebody else")
        return more | proved

    def _proved(self, text: str, nonce: str) -> dict[str, Any]:
        """Return the claims of an ID token (OpenID Connect Core, 3.1.3.7)."""
        from joserfc import jwt  # noqa: PLC0415

        token = jwt.decode(text, self.keys(), algorithms=SIGNED_BY)
        claims: dict[str, Any] = token.claims
        rules = jwt.JWTClaimsRegistry(
            now=clock.now(),
            leeway=LEEWAY_S,
            iss={"essential": True, "value": self.provider.issuer},
            sub={"essential": True},
            aud={"essential": True, "value": self.provider.client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        rules.validate(claims)
        others = claims["aud"] != self.provider.client_id and claims["aud"] != [
            self.provider.client_id
        ]
        if (others or "azp" in claims) and claims.get("azp") != self.provider.client_id:
            raise ValueError("The token was made for another client")
        return claims


def _secure(address: str) -> str:
    """Let on an https address, or one of this machine. Raises ProviderError."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host)):
        return address
    raise ProviderError("The identity provider has to be reached by https")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def ours(path: str) -> str:
    """Return a path of this server to go to after signing in; anything else becomes /."""
    is_path = path.startswith("/") and not path.startswith("//")
    plain = path.isprintable() and "\\" not in path and " " not in path
    return path if is_path and plain else "/"


def begin(engine: Engine, client: Client, *, redirect: str, to: str) -> Start:
    """Begin a sign-in; `redirect` is our address that the provider sends the browser back to.

    Raises:
        ProviderError: the provider cannot be reached.
    """
    state, nonce, verifier = secret.new(), secret.new(), secret.new()
    with client.client(redirect) as oauth:
        address, _ = oauth.create_authorization_url(
            client.endpoint("authorization_endpoint"),
            state=state,
            code_verifier=verifier,
            nonce=nonce,
        )
    now = clock.now()
    values = {"nonce": nonce, "verifier": verifier, "next": ours(to), "expires_at": now + LASTS_S}
    with writing(engine) as conn:
        conn.execute(delete(flows).where(flows.c.expires_at <= now))
        conn.execute(insert(flows).values(digest=secret.digest(state), **values))
    return Start(address, state)


def take(engine: Engine, *, state: str, held: str) -> Flow:
    """Return the sign-in of a state, once; `held` is the state that the browser kept.

    Raises:
        ForgedError: it was not begun in this browser, or ended already.
    """
    asked = delete(flows).where(
        flows.c.digest == secret.digest(state), flows.c.expires_at > clock.now()
    )
    with writing(engine) as conn:
        row = conn.execute(asked.returning(flows.c.nonce, flows.c.verifier, flows.c.next)).first()
        if row is None or not secret.same(state, held):
            raise ForgedError("This sign-in was not begun in this browser, or too long ago")
    return Flow(*row)


class Answer(NamedTuple):
    """What the browser brings back from the provider (RFC 6749, 4.1.2; RFC 9207)."""

    code: str
    error: str
    issuer: str | None  # who says he sends it


def _code(client: Client, answer: Answer) -> str:
    """Return the code of an answer. Raises ProviderError, BadCredentialsError."""
    told = client.metadata().get("authorization_response_iss_parameter_supported", False)
    if answer.issuer != client.provider.issuer and (told or answer.issuer is not None):
        raise ProviderError("Another identity provider answers")
    if answer.error == DENIED:
        raise BadCredentialsError("The identity provider signs nobody in")
    if answer.error or not answer.code:
        raise ProviderError(f"The identity provider answers {answer.error[:MOST_ERROR]!r}")
    return answer.code


def finish(
    engine: Engine,
    client: Client,
    flow: Flow,
    answer: Answer,
    *,
    redirect: str,
    address: str | None,
    instead_of: Session | None = None,
) -> str:
    """End a sign-in that was taken; returns the secret of a new session.

    Raises:
        BadCredentialsError: the provider signs nobody in, or the person did not want it.
        ProviderError: what the provider says does not hold.
        NoRoleError: no group of the person has a role here, or his account is closed.
    """
    claims = client.claims(redirect, _code(client, answer), flow)
    with writing(engine) as conn:
        person = _person(conn, client.provider, claims, address)
        if instead_of:
            sessions.end(conn, instead_of)
        shown = bool(client.provider.second_factor & _texts(claims.get("amr")))
        people.put(conn, person.id, came_at=clock.now())
        events.note(conn, Kind.SIGNED_IN, By(person.login, address), person.id, oidc=True)
        return sessions.begin(conn, person, second_factor=shown, address=address)


def _texts(value: object) -> frozenset[str]:
    given = [value] if isinstance(value, str) else value
    return frozenset(str(one) for one in given) if isinstance(given, list) else frozenset()


def _person(
    conn: Connection, provider: Provider, claims: Mapping[str, Any], address: str | None
) -> Person:
    """Return the person's account, made or changed to what the provider says."""
    grant = _granted(provider, _texts(claims.get(provider.groups_claim)))
    subject = str(claims["sub"])
    name = str(claims.get("name") or subject)[: people.MOST_NAME].replace("\0", "")
    found = people.find_outside(conn, provider.issuer, subject)
    if found is None:
        login = _free_login(conn, str(claims.get("preferred_username") or subject))
        made = people.create(
            conn, login, name=name, role=grant.role, provinces=grant.provinces,
            issuer=provider.issuer, subject=subject,
        )  # fmt: skip
        events.note(conn, Kind.ACCOUNT_MADE, By(login, address), made.id, oidc=True)
        return made
    if not found.active:
        raise NoRoleError("The account is closed")
    if (found.role, found.provinces) != (grant.role, grant.provinces):
        held = json.dumps(sorted(grant.provinces))
        people.put(conn, found.id, role=grant.role.value, provinces=held)
        administering.end_open(conn, found, people.get(conn, found.id))
        by = By(found.login, address)
        events.note(conn, Kind.ACCOUNT_CHANGED, by, found.id, role=grant.role.value, provinces=held)
    people.put(conn, found.id, name=name)
    return people.get(conn, found.id)


def _granted(provider: Provider, groups: frozenset[str]) -> Grant:
    for grant in provider.grants:
        if grant.group in groups:
            return grant
    raise NoRoleError("None of the person's groups has a role here")


def _free_login(conn: Connection, wanted: str) -> str:
    """Return a login for an account from outside; a local one can never have it.

    What would be taken for another ends in signs that no other has.
    """
    shown = logins.normal("".join(one for one in wanted if one.isprintable()))
    base = (people.OUTSIDE + shown)[: people.MOST_NAME]
    alike = not logins.is_plain(shown) or people.resembled(conn, base) is not None
    return f"{base}#{secret.new()[:8].lower()}" if alike else base
