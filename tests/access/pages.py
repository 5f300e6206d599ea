"""Every address of the portal, with every kind of argument filled in: new addresses are walked without being named."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access.rich import Rich

# The demo's door is a door.
OUTSIDE = {"demo"}
# The doors of an account, all that portal.account_urls lets in: for anyone, or asking for a login by themselves.
DOORS = {
    "account_login", "account_logout", "account_inactive", "account_reauthenticate", "account_change_password",
    "account_set_password", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done",
    "account_second_factor", "account_sessions", "account_session_end", "account_sessions_end_all",
    "eid_begin", "eid_link", "eid_callback",
    "mfa_index", "mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp",
    "mfa_add_webauthn", "mfa_remove_webauthn", "mfa_reauthenticate_webauthn",
    "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
}  # fmt: skip
# For anyone, logged in or not. Everything else asks for a login.
PUBLIC = {"portal:about", "portal:privacy", "portal:accessibility"}
# Only ever touch what is the person's own: somebody else's key changes nothing, and the answer is the same.
OWN_ONLY = {"portal:kept_discard"}


@dataclass(frozen=True)
class Page:
    """One address."""

    name: str
    url: str
    arguments: tuple[str, ...]

    def __str__(self) -> str:
        return self.name


def patterns() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every named pattern that asks for a login, with the names of its arguments."""
    for name, arguments in every_pattern():
        if name not in DOORS and name.split(":")[0] not in OUTSIDE:
            yield name, arguments


def every_pattern() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every named pattern of the URLconf, with the names of its arguments."""
    yield from _walk(get_resolver(), ())


def _walk(resolver: URLResolver, spaces: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for part in resolver.url_patterns:
        if isinstance(part, URLResolver):
            yield from _walk(part, (*spaces, part.namespace) if part.namespace else spaces)
        elif isinstance(part, URLPattern):
            assert part.name, f"{part.pattern} has no name"
            name = ":".join((*spaces, part.name))
            yield name, tuple(part.pattern.regex.groupindex)


def pages(rich: Rich) -> list[Page]:
    """Every address with every combination of the rich world's things; fails for an argument nobody has named."""
    values, found = rich.values(), []
    for name, arguments in patterns():
        unknown = set(arguments) - set(values)
        assert not unknown, f"{name}: put a value for {unknown} in tests/access/rich.py"
        for chosen in itertools.product(*(values.get(f"{name} {word}", values[word]) for word in arguments)):
            given: dict[str, Any] = dict(zip(arguments, chosen, strict=True))
            found.append(Page(name, reverse(name, kwargs=given), arguments))
    return found
