"""What a browser calls itself, in words a person knows their own machine by."""

from django.http import HttpRequest

# In this order: Edge and Opera call themselves Chrome too, and everyone calls themselves Safari.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def device_of(request: HttpRequest) -> str:
    """«Firefox, Windows», or nothing when neither is known."""
    header = request.headers.get("User-Agent", "")
    found = [next((name for mark, name in table if mark in header), "") for table in (BROWSERS, SYSTEMS)]
    return ", ".join(name for name in found if name)
