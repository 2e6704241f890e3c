"""CPU time of processes, from Linux's ``/proc``; resolution is the kernel's clock tick, usually 10 ms."""

import os
from contextlib import suppress
from pathlib import Path

_TICK = 1 / os.sysconf("SC_CLK_TCK")
_UTIME, _STIME, _CUTIME, _CSTIME = 11, 12, 13, 14  # positions after the command name, see proc_pid_stat(5)


def process_cpu(pid: int) -> float:
    """CPU seconds a process has used, all its threads, without its children. ``ProcessLookupError`` when it is gone."""
    times = _times(pid)
    return (times[_UTIME] + times[_STIME]) * _TICK


def main_thread_cpu(pid: int) -> float:
    """CPU seconds the main thread of a process has used. ``ProcessLookupError`` when it is gone."""
    times = _times(pid, f"task/{pid}/")
    return (times[_UTIME] + times[_STIME]) * _TICK


def family_cpu(parent: int) -> float:
    """CPU seconds of a process, its living children and those it has already waited for: never falls."""
    own = _times(parent)
    total = own[_UTIME] + own[_STIME] + own[_CUTIME] + own[_CSTIME]
    for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
        with suppress(ProcessLookupError):  # ended since: then its time is in the parent's next reading
            times = _times(int(child))
            total += times[_UTIME] + times[_STIME]
    return total * _TICK


def _times(pid: int, thread: str = "") -> dict[int, int]:
    try:
        text = Path(f"/proc/{pid}/{thread}stat").read_text()
    except FileNotFoundError as error:
        raise ProcessLookupError(pid) from error
    fields = text.rpartition(")")[2].split()
    return {index: int(fields[index]) for index in (_UTIME, _STIME, _CUTIME, _CSTIME)}
