"""What the case's own pages add to the registers: menu, words of events, the holder's tasks, addresses in the
guideline."""

from django.utils.translation import gettext_lazy as _

from cases import holder_leaving, register, timeline  # noqa: F401
from cases.event_words import add_words
from cases.holder_tasks import add_holder_kinds
from cases.page import Section, add_section
from cases.rights import may_search
from cases.states import CASE, HOLDER, LEVEL
from guideline.sections import LABELS, register_section
from portal.rights import can

add_section(Section(10, "overview", LABELS["overview"], "cases:case"))
add_section(Section(70, "participants", LABELS["participants"], "cases:participants"))
add_section(Section(90, "timeline", _("Tidslinje"), "cases:timeline"))
add_section(
    Section(95, "log", LABELS["log"], "cases:log", lambda viewer: can(viewer.actor, "case.read_log", viewer.case))
)
register_section("overview", url_name="cases:case", index="cases:list", index_for=may_search)
register_section("log", url_name="cases:log", index="cases:list", index_for=may_search)
register_section("participants", url_name="cases:participants", index="cases:list", index_for=may_search)

add_holder_kinds("level0.decide", "duplicate.look", "consent.renew", "consent.ask_again", "emergency_access.review")

add_words(CASE.name, {"open": (_("Saken er åpnet"), "FolderPlus"), "closed": (_("Saken er avsluttet"), "Folder")})
add_words(
    HOLDER.name,
    {
        "offered": (_("Stafettpinnen er tilbudt"), "PersonPlus"),
        "accepted": (_("Ny stafettholder"), "PersonCheckmark"),
        "declined": (_("Tilbudet om stafettpinnen er avslått"), "XMark"),
        "withdrawn": (_("Tilbudet om stafettpinnen er trukket"), "ArrowUndo"),
    },
    kind="people",
)
add_words(
    "guardians",
    {
        "informed": (_("Registrert: foresatte er informert"), "Chat"),
        "informed_withdrawn": (_("Trukket: at foresatte var informert"), "ArrowUndo"),
        "not_informed": (_("Skrevet hvorfor foresatte ikke er informert"), "ShieldLock"),
        "not_informed_withdrawn": (_("Trukket: hvorfor foresatte ikke var informert"), "ArrowUndo"),
    },
)
add_words("move", {"moved": (_("Barnet har flyttet til en annen kommune"), "Buildings3")})
add_words(
    LEVEL.name,
    {
        "1": (_("Nivået er endret til 1"), "BarChart"),
        "2": (_("Nivået er endret til 2"), "BarChart"),
        "3": (_("Nivået er endret til 3"), "BarChart"),
    },
    kind="level",
)
