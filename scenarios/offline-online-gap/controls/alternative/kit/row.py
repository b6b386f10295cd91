"""The features of a request, computed in one place: the site and the training job both ask here."""

from datetime import UTC, date, datetime

import numpy as np

EARTH_KM = 6371.0


def row(request):
    """The six values as README.md defines them."""
    home, search = request["home"], request["search"]
    today = datetime.strptime(request["asked_at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).date()
    arrive, leave, listed = map(date.fromisoformat, (request["arrive"], request["leave"], home["listed_on"]))
    return {
        "distance_km": kilometres((search["lat"], search["lon"]), (home["lat"], home["lon"])),
        "rating": -1.0 if home["rating"] is None else float(home["rating"]),
        "days_listed": (today - listed).days,
        "price_per_guest": home["price_cents"] / 100 / request["guests"],
        "nights": (leave - arrive).days,
        "lead_days": (arrive - today).days,
    }


def kilometres(one, other):
    """Along the surface, from the angle between two points of a ball."""
    (lat, lon), (to_lat, to_lon) = np.radians(one), np.radians(other)
    a = np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    b = np.array([np.cos(to_lat) * np.cos(to_lon), np.cos(to_lat) * np.sin(to_lon), np.sin(to_lat)])
    return float(EARTH_KM * np.arctan2(np.linalg.norm(np.cross(a, b)), a @ b))
