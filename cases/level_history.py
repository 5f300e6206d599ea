"""The history of a case's BTI level."""

from django.db.models import QuerySet

from cases.models import Case, LevelChange


def history(case: Case) -> "QuerySet[LevelChange]":
    """Every change of level with its reason, newest first, with who made it. One statement."""
    return (
        LevelChange.objects.filter(case=case)
        .select_related("changed_by", "service")
        .order_by("-changed_at", "-id")[:100]
    )
