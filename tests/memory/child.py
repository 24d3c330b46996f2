"""One function in a process of its own, as Lambda starts it: takes events, and says how much memory each took.

python child.py <folder of the function> <megabytes> < events, one a line
"""

import json
import resource
import sys
import uuid
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

KILOBYTE = 1024
MEGABYTE = 1024 * KILOBYTE


def memory(name: str) -> int:
    """Return what the system says of this process: VmRSS, what it holds now, VmHWM the most that it held, in bytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * KILOBYTE
    raise KeyError(name)


def context(megabytes: int) -> Any:
    """Return Lambda's context of an invocation."""
    return SimpleNamespace(
        function_name="function",
        memory_limit_in_mb=megabytes,
        invoked_function_arn="arn:aws:lambda:eu-central-1:123456789012:function:function",
        aws_request_id=str(uuid.uuid4()),
        get_remaining_time_in_millis=lambda: 60_000,
    )


def main() -> None:
    """Take events from standard input, and answer each with a line on standard output."""
    folder, megabytes = sys.argv[1], int(sys.argv[2])
    # What is private and can be written; more than is ever in memory: stacks of threads count as a whole.
    resource.setrlimit(resource.RLIMIT_DATA, (megabytes * MEGABYTE,) * 2)
    answers = sys.stdout
    sys.stdout = sys.stderr
    sys.path.insert(0, folder)
    app = import_module("app")
    for line in sys.stdin:
        # From here on the most is counted anew.
        Path("/proc/self/clear_refs").write_text("5")
        answer: Any
        try:
            answer = app.handler(json.loads(line), context(megabytes))
        # Report any failure, above all a lack of memory.
        except BaseException as error:  # noqa: BLE001
            answer = {"error": repr(error)}
        told = {"now": memory("VmRSS"), "peak": memory("VmHWM"), "answer": answer}
        answers.write(json.dumps(told, default=str) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
