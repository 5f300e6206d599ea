"""A kode-app in the tests: the codes that a real one would show."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.test import Client

from portal.models import User

PASSWORD = "et-langt-passord-1"


def code_for(secret: str, ahead: int = 0) -> str:
    """The code that the app shows now, or ``ahead`` half minutes from now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


def secret_of(user: User) -> str:
    """What the person's app holds."""
    return str(decrypt(Authenticator.objects.get(user=user, type="totp").data["secret"]))


def with_password(user: User) -> Client:
    """A client that has given the password, and perhaps is asked for more."""
    client = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0"})
    client.post("/konto/login/", {"login": user.email, "password": PASSWORD})
    return client


def set_up(client: Client) -> list[str]:
    """Sets up an app as the person would; the recovery codes that are shown."""
    page = client.get("/konto/kode/app/")
    answer = client.post("/konto/kode/app/", {"code": code_for(page.context["form"].secret)})
    assert answer.headers["Location"] == "/konto/reservekoder/", answer.content.decode()
    return list(client.get("/konto/reservekoder/").context["unused_codes"])
