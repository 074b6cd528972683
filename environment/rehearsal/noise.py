"""Other work on the CPU of the rehearsal: if there is much of it, times say nothing about the product."""

import os
import pathlib
import resource
import time

LIMIT = 0.15  # of the CPU, for all other work
BUSY = (0, 1, 2, 5, 6, 7)  # user, nice, system, interrupts, and what the host takes: columns of /proc/stat


class Noise:
    """What others take of one CPU, from the start on: its busy time without that of our own processes."""

    def __init__(self, cpu):
        self.cpu = cpu
        self.began = time.monotonic()
        self.busy = busy_seconds(cpu)
        self.own = own_seconds()

    def share(self):
        """Between 0 and 1. Of our own processes, those count that have ended."""
        others = busy_seconds(self.cpu) - self.busy - (own_seconds() - self.own)
        return min(1.0, max(0.0, others / (time.monotonic() - self.began)))


def before(cpu, seconds=2.0):
    """What others take while this process wants all of the CPU, as the rehearsal will."""
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {cpu})
    try:
        began, used = time.monotonic(), time.thread_time()
        while time.monotonic() - began < seconds:
            pass
        return max(0.0, 1 - (time.thread_time() - used) / (time.monotonic() - began))
    finally:
        os.sched_setaffinity(0, allowed)


def busy_seconds(cpu):
    lines = pathlib.Path("/proc/stat").read_text(encoding="ascii").splitlines()
    fields = next(line.split()[1:] for line in lines if line.startswith(f"cpu{cpu} "))
    return sum(int(fields[column]) for column in BUSY) / os.sysconf("SC_CLK_TCK")


def own_seconds():
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def refusal(share, cpu):
    """One sentence where there is too much other work, else None."""
    if share <= LIMIT:
        return None
    return (
        f"This machine is too noisy to rehearse Binder: other work takes {share:.0%} of CPU {cpu}, "
        f"above {LIMIT:.0%}: end it, and run this again."
    )
