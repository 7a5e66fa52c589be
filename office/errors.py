"""Every error of accounts and sessions; none holds a secret."""

from __future__ import annotations

from geo.errors import BadInputError, GeoError
from geo.vocabulary import Vocabulary


class AccountError(GeoError):
    """Base of what is refused about accounts and sessions."""

    code = "account_error"


class RefusedError(AccountError):
    """Somebody may not do what he asked for, not any more; `reason` says why."""

    code = "not_allowed"

    def __init__(self, reason: Vocabulary) -> None:
        super().__init__(f"This {reason.en}")
        self.reason = reason


class SignInNeededError(AccountError):
    """Only who is signed in may do this."""

    code = "sign_in_needed"


class BadCredentialsError(AccountError):
    """The name or the password is wrong, or the account does not exist or is closed."""

    code = "bad_credentials"


class BadTokenError(AccountError):
    """The API token is unknown, expired, revoked, or its account is closed."""

    code = "bad_token"


class BadCodeError(AccountError):
    """The code of the second factor is wrong, old or was used already."""

    code = "bad_code"


class SecondFactorNeededError(AccountError):
    """The second factor has to be shown first."""

    code = "second_factor_needed"


class LockedError(AccountError):
    """Too many attempts; `after_s` is how long to wait, seconds."""

    code = "too_many_attempts"

    def __init__(self, after_s: int) -> None:
        super().__init__(f"Too many attempts; try again in {after_s} s")
        self.after_s = after_s


class ForgedError(AccountError):
    """The request does not prove that it comes from our own pages."""

    code = "csrf"


class LinkError(AccountError):
    """The one-time link is unknown, expired or was used already."""

    code = "link_unusable"


class WeakPasswordError(BadInputError):
    """The password is too easy to guess."""

    code = "weak_password"


class ProviderError(AccountError):
    """The identity provider cannot be reached, or what it says does not hold."""

    code = "provider_error"


class NoRoleError(AccountError):
    """None of the person's groups has a role here."""

    code = "no_role"
