"""The entries of the main menu that belong to user administration, and the count of what waits for approval."""

from django.utils.translation import gettext_lazy as _

from portal.context import Actor
from portal.models import Role
from portal.people_access import awaiting_my_approval
from portal.rights import can
from portal.roles import LEADERS
from portal.shell import NavItem, add_counts, add_nav


def _counts(actor: Actor) -> dict[str, int]:
    """How many invitations this actor may approve: one statement, and none for those who never approve."""
    return {"approvals": awaiting_my_approval(actor).count()} if can(actor, "people.read") else {}


add_nav(
    NavItem(
        order=80,
        url_name="portal:users",
        label=_("Brukere"),
        icon="PersonGroup",
        shown_to=lambda actor: actor.has_role(Role.USER_ADMINISTRATOR),
        count="approvals",
    )
)
add_nav(
    NavItem(
        order=80,
        url_name="portal:review",
        label=_("Tilganger"),
        icon="PersonCheckmark",
        shown_to=lambda actor: actor.has_role(*LEADERS),
        count="approvals",
    )
)
add_counts(_counts)
