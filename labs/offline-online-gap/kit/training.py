"""Features for training: a nightly job over the requests of a day."""

import numpy as np
import pandas as pd

EARTH_KM = 6371.0


def build(requests):
    """One row a request."""
    raw = pd.json_normalize(requests)
    asked_on = pd.to_datetime(raw["asked_at"], utc=True).dt.tz_localize(None).dt.normalize()
    arrive, leave = pd.to_datetime(raw["arrive"]), pd.to_datetime(raw["leave"])
    rows = pd.DataFrame(
        {
            "distance_km": haversine(raw["search.lat"], raw["search.lon"], raw["home.lat"], raw["home.lon"]),
            "rating": raw["home.rating"].astype(float).fillna(-1.0),
            "days_listed": (asked_on - pd.to_datetime(raw["home.listed_on"])).dt.days,
            "price_per_guest": raw["home.price_cents"] / 100 / raw["guests"],
            "nights": (leave - arrive).dt.days,
            "lead_days": (arrive - asked_on).dt.days,
        }
    )
    return rows.astype(float).to_dict("records")


def haversine(lat, lon, to_lat, to_lon):
    """Kilometres between points in degrees."""
    lat, lon, to_lat, to_lon = (np.radians(each.astype(float)) for each in (lat, lon, to_lat, to_lon))
    a = np.sin((to_lat - lat) / 2) ** 2 + np.cos(lat) * np.cos(to_lat) * np.sin((to_lon - lon) / 2) ** 2
    return 2 * EARTH_KM * np.arcsin(np.sqrt(a))
