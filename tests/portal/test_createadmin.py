"""``createadmin``: the first user administrators of an installation."""

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from pytest_django import DjangoCaptureOnCommitCallbacks

from portal.models import AuditEvent, Membership, Role

pytestmark = pytest.mark.django_db
SERVICE = "portaladministrasjon-nordre"


@pytest.fixture(autouse=True)
def directory(db: None) -> None:
    call_command("load_directory", verbosity=0)


def test_it_invites_by_e_mail(
    capsys: pytest.CaptureFixture[str], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        call_command("createadmin", "Kari@kommune.example", "Kari Ås", service=SERVICE)
    membership = Membership.objects.get()
    assert (membership.role, membership.user.email) == (Role.USER_ADMINISTRATOR, "kari@kommune.example")
    assert membership.community.slug == "nordre-trondelag"
    assert not membership.user.has_usable_password()
    assert "/konto/password/reset/key/" in mail.outbox[0].body
    assert "Kari Ås er brukeradministrator" in capsys.readouterr().out
    assert AuditEvent.objects.get(verb="membership.bootstrapped").user_name == "createadmin"


@pytest.mark.parametrize(
    ("email", "service", "reason"),
    [("tull", SERVICE, "ikke en e-postadresse"), ("a@b.no", "borte", "Mulige: .*portaladministrasjon-nordre"),
     ("a@b.no", "namsos-barneskole", "ingen portaladministrasjon")],
)  # fmt: skip
def test_what_is_wrong_is_said(email: str, service: str, reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        call_command("createadmin", email, "Kari Ås", service=service)
    assert not Membership.objects.exists()
