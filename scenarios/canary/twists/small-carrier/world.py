"""Parcels as in the rehearsal, and one in two hundred from a carrier that is new."""

from __future__ import annotations

from dataclasses import replace

from grader.labkit import Request, import_rehearsal

public = import_rehearsal(__file__, "load")
NEW, ONE_IN = "kestrel-labs", 200


class Traffic(public.Traffic):  # type: ignore[misc, name-defined]
    """The parcels of ten carriers, some of which are the new one's."""

    def request(self, n: int) -> Request:
        """The n-th parcel."""
        request: Request = super().request(n)
        if n % ONE_IN != ONE_IN // 2:
            return request
        return replace(request, name="predict", segment=NEW, headers={**request.headers, "x-tenant": NEW})
