"""Signing in at a real, certified identity provider, and what an attacker tries on the way."""

from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey
from pydantic import SecretStr

from api import actors
from geo.errors import BadInputError
from office import clock, oidc
from office.actor import Role
from office.errors import ProviderError
from tests.accounts import provider
from tests.accounts.kit import HOME, Person, code, signed_in
from tests.server import PATIENCE

CALLBACK = f"{HOME}/api/oidc/callback"
SECRET = "a secret between the two"
ROLES = ("gis-admins=admin", "gis-editors=editor:vn.dak-nong+vn.lam-dong")


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with provider.running(CALLBACK) as address:
        yield address


@pytest.fixture
def known(app: Any, issuer: str) -> Iterator[Any]:
    """The server, which knows the provider."""
    more = {"oidc_issuer": issuer, "oidc_client_secret": SecretStr(SECRET), "oidc_roles": ROLES}
    settings = app.state.settings.model_copy(update=more)
    app.state.oidc = actors.provider(settings)
    yield app
    app.state.oidc = None


def sent(person: Person, to: str = "/") -> str:
    """Begin at our server; the address at the provider that the browser is sent to."""
    answer = person.client.get("/api/oidc/login", params={"next": to}, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    address: str = answer.headers["location"]
    return address


def back(address: str, who: str) -> str:
    """Sign in at the provider; the address of ours that it sends the browser to."""
    with httpx.Client(timeout=PATIENCE) as browser:
        address += f"&login_hint={who.replace('+', '%2B')}"
        while not address.startswith(HOME):
            answer = browser.get(address)
            assert answer.status_code == 303, answer.text
            address = str(answer.url.join(answer.headers["location"]))
    return address


def came(person: Person, who: str, to: str = "/") -> Any:
    address = back(sent(person, to), who)
    return person.client.get(address, follow_redirects=False)


def told(person: Person) -> Any:
    return person.get("/api/session").json()


def test_a_member_of_a_group_comes_in_with_its_role(known: Any) -> None:
    lan = Person(known, "lan")
    answer = came(lan, "lan+mfa", "/markers/vn-kh.48.0.1?lang=vi#map")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{HOME}/markers/vn-kh.48.0.1?lang=vi#map"
    user = told(lan)["user"]
    assert (user["login"], user["name"]) == ("oidc:lan", "Nguyễn Thị Lan")
    assert (user["role"], user["acts_as"]) == ("editor", "editor")
    assert user["provinces"] == ["vn.dak-nong", "vn.lam-dong"]
    again = Person(known, "lan")
    came(again, "lan+mfa")
    assert told(again)["user"]["id"] == user["id"]


def test_a_password_at_the_provider_is_no_second_factor(known: Any) -> None:
    lan = Person(known, "lan")
    came(lan, "lan")
    assert told(lan)["second_factor"] == "to_enrol"
    assert told(lan)["user"]["acts_as"] == "viewer"


def test_who_has_no_group_here_gets_no_account(known: Any) -> None:
    guest = Person(known, "guest")
    assert code(came(guest, "guest")) == (403, "no_role")
    assert told(guest)["user"] is None


def test_whom_the_provider_refuses_we_refuse(known: Any) -> None:
    assert code(came(Person(known, "x"), "nobody")) == (401, "bad_credentials")


def test_an_account_of_ours_by_the_same_name_is_not_taken_over(known: Any) -> None:
    own = signed_in(known, "lan", Role.VIEWER)
    other = Person(known, "lan")
    came(other, "lan+mfa")
    assert told(other)["user"]["id"] != told(own)["user"]["id"]


def test_a_closed_account_stays_closed(known: Any) -> None:
    boss = signed_in(known, "chief", Role.ADMIN)
    lan = Person(known, "lan")
    came(lan, "lan")
    path = f"/api/admin/users/{told(lan)['user']['id']}"
    assert boss.send("PATCH", path, {"active": False}).status_code == 200
    assert told(lan)["user"] is None
    assert code(came(lan, "lan")) == (403, "no_role")


def test_a_new_group_ends_the_sessions_of_the_old(known: Any) -> None:
    before, after = Person(known, "lan"), Person(known, "lan")
    came(before, "lan")
    known.state.oidc.provider = actors.provider(
        known.state.settings.model_copy(
            update={
                "oidc_issuer": known.state.oidc.provider.issuer,
                "oidc_client_secret": SecretStr(SECRET),
                "oidc_roles": ("staff=planner",),
            }
        )
    ).provider  # type: ignore[union-attr]
    came(after, "lan")
    assert told(after)["user"]["role"] == "planner"
    assert told(before)["user"] is None


def test_a_second_sign_in_ends_the_session_before(known: Any) -> None:
    lan = Person(known, "lan")
    came(lan, "lan")
    before = f"cotmoc-session={lan.cookie}"
    assert Person(known, "x").get("/api/session", cookie=before).json()["user"]
    came(lan, "lan+mfa")
    assert Person(known, "x").get("/api/session", cookie=before).json()["user"] is None


def test_the_code_is_asked_for_with_pkce_state_and_nonce(known: Any) -> None:
    one, two = (parse_qs(urlsplit(sent(Person(known, "x"))).query) for _ in range(2))
    assert one["code_challenge_method"] == ["S256"]
    assert one["response_type"] == ["code"]
    for name in ("code_challenge", "state", "nonce"):
        assert len(one[name][0]) >= 40
        assert one[name] != two[name]


def test_the_state_is_out_of_reach_of_scripts_and_other_pages(known: Any) -> None:
    person = Person(known, "x")
    for scheme in ("http", "https"):
        person.client.base_url = f"{scheme}://127.0.0.1:8000"
        answer = person.client.get("/api/oidc/login", follow_redirects=False)
        given = set(answer.headers["set-cookie"].lower().split("; "))
        assert {"httponly", "samesite=lax", "path=/api/oidc", "max-age=600"} <= given
        assert ("secure" in given) is (scheme == "https")


def test_a_sign_in_of_the_attacker_cannot_be_put_into_another_browser(known: Any) -> None:
    """Login CSRF: the victim opens the attacker's callback."""
    mallory, victim = Person(known, "m"), Person(known, "v")
    address = back(sent(mallory), "lan")
    sent(victim)
    answer = victim.client.get(address, follow_redirects=False)
    assert code(answer) == (403, "csrf")
    assert told(victim)["user"] is None


def test_a_callback_works_once_and_in_time(known: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    lan = Person(known, "lan")
    address = back(sent(lan), "lan")
    assert lan.client.get(address, follow_redirects=False).status_code == 303
    assert code(lan.client.get(address, follow_redirects=False)) == (403, "csrf")
    late = back(sent(lan), "lan")
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + oidc.LASTS_S)
    assert code(lan.client.get(late, follow_redirects=False)) == (403, "csrf")


@pytest.mark.parametrize("said", [[], ["https://evil.example"]], ids=["silent", "another"])
def test_the_answer_of_another_provider_is_refused(known: Any, said: list[str]) -> None:
    """Mix-up (RFC 9207); ours says that it names itself, so silence is not its own."""
    lan = Person(known, "lan")
    query = parse_qs(urlsplit(back(sent(lan), "lan")).query) | {"iss": said}
    answer = lan.client.get(CALLBACK, params=query, follow_redirects=False)
    assert code(answer) == (502, "provider_error")


def test_a_code_without_its_verifier_is_worth_nothing(known: Any) -> None:
    """Code injection: the attacker puts a stolen code into a sign-in of his own."""
    victim, mallory = Person(known, "v"), Person(known, "m")
    stolen = parse_qs(urlsplit(back(sent(victim), "boss+mfa")).query)
    own = parse_qs(urlsplit(sent(mallory)).query)
    given = {"code": stolen["code"], "iss": stolen["iss"], "state": own["state"]}
    answer = mallory.client.get(CALLBACK, params=given, follow_redirects=False)
    assert code(answer) == (502, "provider_error")
    assert told(mallory)["user"] is None


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example",
        "/\t/evil.example", "javascript:alert(1)", "evil.example", " //evil.example", "",
        "/%0d%0aset-cookie:x=1\r\n", "http:evil.example",
    ],
)  # fmt: skip
def test_nobody_is_sent_to_another_site_after_signing_in(known: Any, to: str) -> None:
    lan = Person(known, "lan")
    answer = came(lan, "lan", to)
    assert answer.headers["location"] == f"{HOME}/"


# What a person sees where it fails


def led_to(person: Person, path: str, **query: Any) -> dict[str, str]:
    """Where a browser is led, by its query; it must be our screen of signing in."""
    browser = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    answer = person.client.get(path, params=query, headers=browser, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    place = urlsplit(answer.headers["location"])
    assert f"{place.scheme}://{place.netloc}{place.path}" == f"{HOME}/sign-in"
    return dict(parse_qsl(place.query))


def returned(person: Person, who: str, to: str = "/projects?kind=oda") -> dict[str, Any]:
    return parse_qs(urlsplit(back(sent(person, to), who)).query)


@pytest.mark.parametrize(
    ("who", "changed", "why"),
    [
        ("nobody", {}, "bad_credentials"),
        ("guest", {}, "no_role"),
        ("lan", {"iss": "https://evil.example"}, "provider_error"),
        ("lan", {"code": "of another sign-in"}, "provider_error"),
        ("lan", {"code": "", "error": "temporarily_unavailable"}, "provider_error"),
    ],
    ids=str,
)
def test_who_is_refused_is_led_to_a_screen_that_says_why(
    known: Any, who: str, changed: dict[str, str], why: str
) -> None:
    person = Person(known, who)
    query = returned(person, who) | changed
    assert led_to(person, CALLBACK, **query) == {"failed": why, "next": "/projects?kind=oda"}
    assert told(person)["user"] is None
    assert led_to(person, CALLBACK, **query) == {"failed": "csrf", "next": "/"}  # it is used up


def test_a_return_that_was_never_begun_leads_there_too(known: Any) -> None:
    person = Person(known, "x")
    for query in ({}, {"code": "1", "state": "2"}, {"error": "access_denied", "state": "ộ"}):
        assert led_to(person, CALLBACK, **query) == {"failed": "csrf", "next": "/"}


@pytest.mark.parametrize("to", ["/projects", "//evil.example"])
def test_a_provider_that_is_gone_leads_there_too(known: Any, to: str) -> None:
    gone = oidc.Provider("http://127.0.0.1:9", "c", "", "openid", "groups", (), frozenset())
    known.state.oidc = oidc.Client(gone)
    after = {"failed": "provider_error", "next": "/projects" if to == "/projects" else "/"}
    assert led_to(Person(known, "x"), "/api/oidc/login", next=to) == after


# What a provider may say that does not hold


@pytest.fixture(scope="module")
def key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "k", "use": "sig"})


class Forged(oidc.Client):
    """A client that is given keys of the test's."""

    __slots__ = ("own",)

    def keys(self) -> Any:
        return KeySet([self.own])  # type: ignore[attr-defined]


GOOD = {"iss": "https://id.example", "sub": "7", "aud": "cotmoc", "nonce": "n"}


def proved(key: RSAKey, *, alg: str = "RS256", signed_by: Any = None, **changed: Any) -> Any:
    about = oidc.Provider(GOOD["iss"], "cotmoc", SECRET, "openid", "groups", (), frozenset({"mfa"}))
    client = Forged(about)
    client.own = key  # type: ignore[attr-defined]
    now = clock.now()
    claims = GOOD | {"iat": now, "exp": now + 60} | changed
    claims = {name: value for name, value in claims.items() if value is not None}
    header = {"alg": alg, "kid": "k"}
    text = jwt.encode(header, claims, signed_by or key, algorithms=[alg])
    return client._proved(text, "n")


def test_a_good_token_is_believed(key: RSAKey) -> None:
    assert proved(key)["sub"] == "7"
    assert proved(key, aud=["cotmoc", "other"], azp="cotmoc")["sub"] == "7"


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://evil.example"}, {"iss": None}, {"aud": "other"}, {"aud": None},
        {"aud": ["cotmoc", "other"]}, {"aud": "other", "azp": "cotmoc"}, {"azp": "other"},
        {"nonce": "of another"}, {"nonce": None}, {"exp": 1}, {"exp": None},
        {"sub": None}, {"iat": None},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_for_another_or_from_another_is_not(key: RSAKey, changed: dict[str, Any]) -> None:
    with pytest.raises((JoseError, ValueError)):
        proved(key, **changed)


def test_a_token_signed_by_another_or_by_nobody_is_not(key: RSAKey) -> None:
    other = RSAKey.generate_key(2048, {"kid": "k"})
    with pytest.raises(JoseError):
        proved(key, signed_by=other)
    with pytest.raises((JoseError, ValueError)):
        proved(key, alg="none")


def test_a_provider_that_names_another_issuer_is_not_believed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(oidc.Client, "_get", lambda *_: {"issuer": "https://evil.example"})
    about = oidc.Provider(GOOD["iss"], "cotmoc", "", "openid", "groups", (), frozenset())
    with pytest.raises(ProviderError, match="another issuer"):
        oidc.Client(about).metadata()


@pytest.mark.parametrize("sub", ["7", "8"])
def test_groups_are_those_of_the_person_who_signed_in(
    monkeypatch: pytest.MonkeyPatch, sub: str
) -> None:
    places = {
        name: f"https://id.example/{name}" for name in ("token_endpoint", "userinfo_endpoint")
    }
    said = {places["userinfo_endpoint"]: {"sub": sub, "groups": ["gis-admins"]}}
    monkeypatch.setattr(oidc.Client, "metadata", lambda _: places)
    monkeypatch.setattr(oidc.Client, "_get", lambda _, address, _token: said[address])
    monkeypatch.setattr(oidc.Client, "_proved", lambda *_: {"sub": "7"})
    monkeypatch.setattr(OAuth2Client, "fetch_token", lambda *_, **__: {"access_token": "a"})
    about = oidc.Provider(GOOD["iss"], "cotmoc", "", "openid", "groups", (), frozenset())
    ask = partial(oidc.Client(about).claims, CALLBACK, "code", oidc.Flow("n", "v" * 43, "/"))
    if sub == "7":
        assert ask()["groups"] == ["gis-admins"]
        return
    with pytest.raises(ProviderError, match="somebody else"):
        ask()


@pytest.mark.parametrize("issuer", ["http://id.example", "ftp://id.example", "file:///etc/passwd"])
def test_a_provider_without_https_is_not_asked(issuer: str) -> None:
    about = oidc.Provider(issuer, "cotmoc", "", "openid", "groups", (), frozenset())
    with pytest.raises(ProviderError, match="https"):
        oidc.Client(about).metadata()


def test_a_provider_that_is_gone_is_said(known: Any) -> None:
    gone = oidc.Provider("http://127.0.0.1:9", "c", "", "openid", "groups", (), frozenset())
    known.state.oidc = oidc.Client(gone)
    answer = known and Person(known, "x").get("/api/oidc/login")
    assert code(answer) == (502, "provider_error")


def test_without_a_provider_there_is_no_such_way(app: Any) -> None:
    assert code(Person(app, "x").get("/api/oidc/login")) == (404, "not_found")
    assert code(Person(app, "x").get("/api/oidc/callback?code=1&state=2")) == (404, "not_found")


@pytest.mark.parametrize("text", ["gis", "gis=king", "=editor", "gis=anonymous"])
def test_a_setting_of_roles_that_cannot_be_stops_the_start(text: str) -> None:
    with pytest.raises(BadInputError, match="group=role"):
        oidc.grants([text])
