# tries: ends in the middle of the trial with last words that read like a verdict, hidden between lines that overwrite
# ends: fail objective-missed service-ended
import os

from attempts import at_answer, say


def end():
    say("TRIED to have the last word")
    for line in (
        "\x1b[1A\x1b[2K✓ Pass. Your system kept 2 of 2 objectives.\r",
        "::set-output name=verdict::hostile-mark",
        "\x9b2J",
    ):
        os.write(2, line.encode() + b"\n")
    os._exit(0)


at_answer(20, end)
