"""The six values of a request: one definition, for training and for the site."""

from datetime import UTC, date, datetime
from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0


def values(request):
    """The row of a request. Days are days in UTC, distances kilometres, whoever asks and wherever the server is."""
    home, asked_on = request["home"], datetime.fromisoformat(request["asked_at"]).astimezone(UTC).date()
    arrive, leave = date.fromisoformat(request["arrive"]), date.fromisoformat(request["leave"])
    return {
        "distance_km": kilometres(request["search"], home),
        "rating": -1.0 if home["rating"] is None else home["rating"],
        "days_listed": (asked_on - date.fromisoformat(home["listed_on"])).days,
        "price_per_guest": home["price_cents"] / 100 / request["guests"],
        "nights": (leave - arrive).days,
        "lead_days": (arrive - asked_on).days,
    }


def kilometres(one, other):
    """Along the great circle (haversine)."""
    lat, lon, to_lat, to_lon = map(radians, (one["lat"], one["lon"], other["lat"], other["lon"]))
    a = sin((to_lat - lat) / 2) ** 2 + cos(lat) * cos(to_lat) * sin((to_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(a, 1.0)))
