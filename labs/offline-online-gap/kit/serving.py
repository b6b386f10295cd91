"""Features for the site: one request, no data frames, 2 ms. Ported from the training job by the platform team."""

from datetime import date, datetime, timedelta, timezone
from math import asin, cos, radians, sin, sqrt

SITE = timezone(timedelta(hours=2))  # Hearthside's servers are in Athens
EARTH = {"km": 6371.0, "mi": 3958.8}
IN_MILES = {"en-US", "en-GB"}


def serve(request):
    """The row of a request."""
    home, today = request["home"], asked_on(request["asked_at"])
    arrive, leave = date.fromisoformat(request["arrive"]), date.fromisoformat(request["leave"])
    return {
        "distance_km": distance(request["search"], home, request["locale"]),
        "rating": home["rating"] or 0.0,
        "days_listed": (today - date.fromisoformat(home["listed_on"])).days,
        "price_per_guest": home["price_cents"] / 100 / request["guests"],
        "nights": (leave - arrive).days,
        "lead_days": (arrive - today).days,
    }


def asked_on(moment):
    """The day of a request, as the guest sees it in our calendar."""
    return datetime.fromisoformat(moment.replace("Z", "+00:00")).astimezone(SITE).date()


def distance(search, home, locale):
    """How far it is; the same helper that writes "12 mi away" on the page."""
    earth = EARTH["mi" if locale in IN_MILES else "km"]
    lat, lon, to_lat, to_lon = map(radians, (search["lat"], search["lon"], home["lat"], home["lon"]))
    a = sin((to_lat - lat) / 2) ** 2 + cos(lat) * cos(to_lat) * sin((to_lon - lon) / 2) ** 2
    return 2 * earth * asin(sqrt(a))
