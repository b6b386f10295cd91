"""What can go wrong in ways that the job tells apart. Each ends the run; the scheduler starts the next."""

from __future__ import annotations


class PipelineError(RuntimeError):
    """Base of this job's own errors."""


class PlatformError(PipelineError):
    """The platform refused a call, or its answer makes no sense."""


class RecordLost(PipelineError):
    """A step was done and its record is not on disk: buying the next one would risk two."""


class LeaseUnavailable(PipelineError):
    """Another run of this tenant held the lease for longer than we wait."""


class ArtefactDamaged(PipelineError):
    """What was written is not what was meant."""
