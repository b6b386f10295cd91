"""Who runs a lab's system for whoever uses this checkout: this machine, or the workshop that it joined."""

from __future__ import annotations

from grader.classroom.desk import joined
from grader.classroom.desk.kit import Kit
from grader.course import catalog
from grader.errors import BadInput
from grader.practice import workspace
from grader.practice.seat import Seat
from infra.errors import PlatformBroken


def seat(lab_id: str) -> Seat:
    """The seat at a lab; raises BadInput where the kit is damaged."""
    kit = joined.kit()
    return LentSeat(lab_id, kit) if kit and lab_id in kit.labs else Seat(lab_id)


class LentSeat(Seat):
    """A lab whose system the workshop runs. Files and traffic are on this machine, the exam may be."""

    lent = True
    goes_on = " here (its system in the workshop goes on)"

    def __init__(self, lab_id: str, kit: Kit) -> None:
        super().__init__(lab_id)
        self._kit = kit

    def exam_step(self) -> tuple[str, str]:
        return f"lab submit {self.lab_id}", "asks the workshop for a verdict"

    def runtime(self, asked: str) -> str:
        """What the workshop runs the system on says nothing about what runs here."""
        from grader.practice import rig

        return rig.runtime_name(asked)

    def brings_saves(self) -> bool:
        from grader.classroom.desk import lent

        return lent.syncs(self.lab_id)

    def refuse_exam(self) -> None:
        if not catalog.has_exam(self.lab_id):
            raise BadInput(
                f"the exam of {self.lab_id} is held by the workshop: `lab submit {self.lab_id}` asks for a verdict"
            )

    def refuse_debrief(self) -> None:
        if not catalog.has_exam(self.lab_id):
            raise BadInput(f"the debrief of {self.lab_id} is with your teacher; ask them for it once you have passed")

    def without_rehearsal(self, error: Exception) -> Exception:
        return BadInput(
            f"the rehearsal cannot run on this machine ({error}); your system in the workshop has your edits: look at "
            f"it with `lab open {self.lab_id}`, and ask for a verdict with `lab submit {self.lab_id}`"
        )

    def silence(self, error: PlatformBroken) -> str:
        return f"your system does not answer: {joined.expired() if joined.over() else error}"

    def status(self) -> list[str]:
        """Of the workshop, and of the background sync."""
        from grader.classroom.desk import lent

        found = [f"Runs for you in the workshop {self._kit.workshop}, until {self._kit.ends}."]
        log = lent.sync_log(self.lab_id).relative_to(catalog.root())
        if not lent.syncs(self.lab_id):
            why = "has ended" if workspace.load(self.lab_id).sync else "does not run"
            start = f"`lab start {self.lab_id}` starts it"
            return [*found, f"Saved files are not brought to it: the sync {why}; {start}."]
        now = lent.sync_status(self.lab_id)
        brought = f"last at {now['brought']}" if now.get("brought") else "none yet"
        found.append(f"Saved files are brought to it by themselves ({brought}); what came of it is in {log}.")
        return found + [f"Trouble: {now[key]}" for key in ("trouble", "desk") if now.get(key)]

    def gone(self) -> bool:
        return False

    def stop(self) -> bool:
        """End traffic and sync; raises as `lent.stop` does."""
        from grader.classroom.desk import lent

        return lent.stop(self.lab_id)
