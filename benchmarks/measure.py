"""Run one command and print its time and peak memory.

A process of its own: a child starts with the peak memory of its parent, so the parent of the
measured command must be small.
"""

import json
import os
import subprocess
import sys
import time


def main() -> None:
    started = time.perf_counter()
    process = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = process.stdout.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    measured = {
        "wall_seconds": time.perf_counter() - started,
        "processor_seconds": usage.ru_utime + usage.ru_stime,
        "peak_megabytes": usage.ru_maxrss / 1024,
        "exit_code": os.waitstatus_to_exitcode(status),
        "output": output,
    }
    print(json.dumps(measured))


if __name__ == "__main__":
    main()
