"""Address protection: what locates a protected child (municipality, school, service, staff) stays out of sight.

Staff with access see the marker on the case; texts that travel (notifications, tasks, the other parent's view,
snapshots for others) ask here first.
"""

from cases.models import Child


def locates_hidden(child: Child) -> bool:
    """Whether names of places, services and staff must be kept out of texts that leave the case page."""
    return child.protected


def located(child: Child, text: str, instead: str = "") -> str:
    """A text that locates (a service's or municipality's name), or what stands instead for a protected child."""
    return instead if locates_hidden(child) else text
