"""The exam looks at the desk as the rehearsal does."""

from __future__ import annotations

from grader.labkit import import_rehearsal

seen = import_rehearsal(__file__, "exam").seen
