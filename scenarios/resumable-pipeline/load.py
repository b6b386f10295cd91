"""Questions about the hidden nights: as in the rehearsal, with the seed of the trial."""

from __future__ import annotations

from grader.labkit import import_rehearsal

public = import_rehearsal(__file__, "load")
Traffic = public.Traffic
