"""What runs inside containers: plain scripts of the standard library, put beside each other in a ConfigMap.

They import each other by bare names (`import wire`), since there is no package where they run.
"""

from pathlib import Path

SCRIPTS = ("wire", "logs", "tree", "supervisor", "prepare", "courier", "agent")


def scripts() -> dict[str, str]:
    """All of them, file name to text."""
    folder = Path(__file__).parent
    return {f"{name}.py": (folder / f"{name}.py").read_text("utf-8") for name in SCRIPTS}
