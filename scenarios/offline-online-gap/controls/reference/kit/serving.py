"""Features for the site: one request, no data frames, 2 ms. Ported from the training job by the platform team."""

from datetime import date
from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0


def serve(request):
    """The row of a request."""
    home, today = request["home"], date.fromisoformat(request["asked_at"][:10])
    arrive, leave = date.fromisoformat(request["arrive"]), date.fromisoformat(request["leave"])
    return {
        "distance_km": distance(request["search"], home),
        "rating": -1.0 if home["rating"] is None else home["rating"],
        "days_listed": (today - date.fromisoformat(home["listed_on"])).days,
        "price_per_guest": home["price_cents"] / 100 / request["guests"],
        "nights": (leave - arrive).days,
        "lead_days": (arrive - today).days,
    }


def distance(search, home):
    """How far it is, in kilometres wherever the guest is from."""
    lat, lon, to_lat, to_lon = map(radians, (search["lat"], search["lon"], home["lat"], home["lon"]))
    a = sin((to_lat - lat) / 2) ** 2 + cos(lat) * cos(to_lat) * sin((to_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(a))
