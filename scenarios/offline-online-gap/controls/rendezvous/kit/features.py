"""The features of a request, defined once: training and serving both come here, so they cannot differ."""

from datetime import UTC, date, datetime
from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0
NO_RATING = -1.0


def row(request):
    """The six values of a request."""
    home, today = request["home"], utc_day(request["asked_at"])
    arrive, leave = date.fromisoformat(request["arrive"]), date.fromisoformat(request["leave"])
    return {
        "distance_km": distance_km(request["search"], home),
        "rating": NO_RATING if home["rating"] is None else float(home["rating"]),
        "days_listed": (today - date.fromisoformat(home["listed_on"])).days,
        "price_per_guest": home["price_cents"] / 100 / request["guests"],
        "nights": (leave - arrive).days,
        "lead_days": (arrive - today).days,
    }


def utc_day(moment):
    """The day in UTC of an ISO moment; one without an offset is in UTC."""
    at = datetime.fromisoformat(moment)
    return (at.astimezone(UTC) if at.tzinfo else at).date()


def distance_km(here, there):
    """The way between two places along a ball (haversine); rounding at the antipode must not leave arcsin's domain."""
    lat, lon, to_lat, to_lon = map(radians, (here["lat"], here["lon"], there["lat"], there["lon"]))
    a = sin((to_lat - lat) / 2) ** 2 + cos(lat) * cos(to_lat) * sin((to_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, a)))
