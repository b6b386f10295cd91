"""Where somebody works at a lab: at a system of their own. A workshop lends one instead (`LentSeat`)."""

from __future__ import annotations

from grader.course import catalog
from grader.practice import workspace
from infra.errors import PlatformBroken


class Seat:
    """A lab whose system and exam are on this machine.

    Attributes:
        lab_id: the lab.
        lent: whether somebody else runs the system.
        goes_on: what is left of it after `stop`, in words; empty for nothing.
    """

    lent = False
    goes_on = ""

    def __init__(self, lab_id: str) -> None:
        self.lab_id = lab_id

    def exam_step(self) -> tuple[str, str]:
        """The command that gets a verdict, and what it does."""
        if not catalog.has_exam(self.lab_id):
            return f"lab pack {self.lab_id}", "packs what you hand in"
        return f"lab grade {self.lab_id}", "takes the exam"

    def runtime(self, asked: str) -> str:
        """The runtime of a run on this machine: the one asked for, that of the running system, or the default."""
        from grader.practice import rig

        return rig.runtime_name(asked or workspace.load(self.lab_id).runtime)

    def brings_saves(self) -> bool:
        """Whether saved files reach the system by themselves."""
        return False

    def refuse_exam(self) -> None:
        """Raise BadInput where somebody else holds the exam, which is not here."""

    def refuse_debrief(self) -> None:
        """Raise BadInput where somebody else has the debrief, which is not here."""

    def without_rehearsal(self, error: Exception) -> Exception:
        """What to raise where nothing can be rehearsed on this machine."""
        return error

    def silence(self, error: PlatformBroken) -> str:
        """What to say of a system that does not answer; raises the error where that is no news but a fault."""
        raise error

    def status(self) -> list[str]:
        """What `lab status` says of who runs the system, as paragraphs."""
        return []

    def gone(self) -> bool:
        """Whether a system was started here and runs no more."""
        from grader.practice import rig

        return bool(workspace.load(self.lab_id).deployment) and rig.attached(self.lab_id) is None

    def stop(self) -> bool:
        """Stop what runs here. Returns whether anything did; raises as `practice.stop` does."""
        from grader.practice import rig

        return rig.stop(self.lab_id)
