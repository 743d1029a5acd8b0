"""Builds every proof from its source, with as many jobs as this process may really use."""

import contextlib
import fcntl
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Iterator

from layout import REPO_ROOT

BASELINE = REPO_ROOT / "baseline"
PROJECT = REPO_ROOT / "_CoqProject"
RESOURCES = REPO_ROOT / "deployment" / "configuration" / "runtime_resources.json"
MAKEFILE = "CoqMakefile"


class ProofFailure(Exception):
    """Something that a person has to know about: what failed, and where. Shown without a stack trace."""


@contextlib.contextmanager
def build_lock() -> Iterator[None]:
    """One build per checkout: a second one waits, because both would write the same files."""
    try:
        file = open(REPO_ROOT / ".build.lock", "w", encoding="utf-8")
    except OSError as error:
        raise ProofFailure(f"cannot write to the checkout {REPO_ROOT}, which a build has to: {error}") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Waiting for another build of this checkout to end.", flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def rebuild() -> None:
    """Cleans, builds all that `_CoqProject` lists, and proves that all of it is there. Raises ProofFailure."""
    for program in ("coq_makefile", "coqc", "make"):
        if shutil.which(program) is None:
            path = os.environ.get("PATH", "")
            raise ProofFailure(f"`{program}` is not on PATH ({path}): install Coq 8.16 to 8.20 and make")
    unlisted = sorted(path for path in map(relative, BASELINE.rglob("*.v")) if path not in listed_sources())
    if unlisted:
        raise ProofFailure("_CoqProject does not list, so nothing would build: " + ", ".join(unlisted))
    _run("coq_makefile", "-f", "_CoqProject", "-o", MAKEFILE)
    _run("make", "-f", MAKEFILE, "clean")
    _run("make", "-f", MAKEFILE, f"-j{parallel_jobs()}")
    missing = [source for source in listed_sources() if not (REPO_ROOT / f"{source}o").is_file()]
    if missing:
        raise ProofFailure("make succeeded but left no output of: " + ", ".join(missing))


def listed_sources() -> list[str]:
    """The .v files that `_CoqProject` lists, in its order. Raises ProofFailure when there is none."""
    sources = [word for line in _project_lines() for word in line.split() if word.endswith(".v")]
    if not sources:
        raise ProofFailure(f"{PROJECT} lists no .v file")
    return sources


def modules() -> list[str]:
    """The qualified names of the modules, e.g. `Logos.Kalmar`. Raises ProofFailure."""
    folder, prefix = library()
    return [".".join((prefix, *Path(source).relative_to(folder).with_suffix("").parts)) for source in listed_sources()]


def library() -> tuple[str, str]:
    """The folder and the name of the library, from the `-Q` line. Raises ProofFailure."""
    for line in _project_lines():
        match line.split():
            case ["-Q", folder, prefix]:
                return folder, prefix
    raise ProofFailure(f"{PROJECT} has no line `-Q FOLDER NAME`")


def relative(path: Path) -> str:
    return path.relative_to(REPO_ROOT).as_posix()


def parallel_jobs() -> int:
    """Jobs for make: the CPUs of this process's affinity, less by a cgroup quota or by cpu_slots, at least 1."""
    limits = [len(os.sched_getaffinity(0)), *_cgroup_cpus()]
    try:
        slots = json.loads(RESOURCES.read_text(encoding="utf-8"))["cpu_slots"]
    except FileNotFoundError:
        slots = None
    except (ValueError, KeyError, TypeError) as error:
        raise ProofFailure(f"{RESOURCES} is not an object with cpu_slots: {error}") from error
    if slots is not None:
        if type(slots) is not int or slots < 1:
            raise ProofFailure(f"{RESOURCES}: cpu_slots is {slots!r}, not a whole number from 1")
        limits.append(slots)
    return max(1, min(limits))


def _cgroup_cpus() -> list[int]:
    """The CPU quotas (cgroup v2) of this process's group and of those above it, rounded down to whole CPUs."""
    try:
        entries = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    group = next((entry[3:] for entry in entries if entry.startswith("0::")), None)
    if group is None:
        return []
    quotas = []
    for folder in (group, *map(str, Path(group).parents)):
        try:
            quota, period = Path(f"/sys/fs/cgroup{folder}/cpu.max").read_text(encoding="utf-8").split()
        except (OSError, ValueError):
            continue
        if quota != "max":
            quotas.append(int(quota) // int(period))
    return quotas


def _project_lines() -> list[str]:
    try:
        return PROJECT.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ProofFailure(f"cannot read {PROJECT}: {error}") from error


def _run(*command: str) -> None:
    print(f"$ {' '.join(command)} (cwd={REPO_ROOT})", flush=True)
    finished = subprocess.run(command, cwd=REPO_ROOT, stdin=subprocess.DEVNULL)
    if finished.returncode != 0:
        raise ProofFailure(f"`{' '.join(command)}` ended with exit code {finished.returncode}; its output stands above")
