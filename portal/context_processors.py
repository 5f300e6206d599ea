"""What the base template needs on every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from portal import kept
from portal import shell as shell_register
from portal.context import NOBODY


def shell(request: HttpRequest) -> dict[str, Any]:
    """``shell``: portal name, community, navigation, unread count and actor. Counted only if the template asks."""

    def build() -> dict[str, Any]:
        actor = getattr(request, "actor", NOBODY)
        inside = actor.membership is not None
        counts = shell_register.counts_for(actor) if inside else {}
        return {
            "portal_name": actor.community.portal_name if actor.community else settings.PORTAL_NAME,
            "community": actor.community.name if actor.community else "",
            "nav": shell_register.navigation(request, actor, counts) if inside else [],
            "unread": counts.get("unread", 0),
            "actor": actor,
            "several": len(getattr(request, "memberships", [])) > 1,
            "demo": settings.DEMO,
            "kept": kept.notice_for(request),
            "request_id": getattr(request, "request_id", ""),
        }

    return {"shell": SimpleLazyObject(build)}
