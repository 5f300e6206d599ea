"""Who may see the numbers: the secretariat alone. docs/access.md is the same by hand."""

from django.utils.translation import gettext_lazy as _

from portal.models import Role
from portal.rights import define

define(
    "statistics.read",
    roles={Role.SECRETARIAT},
    message=_("Bare nettverkets sekretariat ser tallene for helsefellesskapet."),
)
