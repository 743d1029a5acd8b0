"""The agent's audit log: a JSON array in the state folder that only grows.

Writers take turns by a lock and replace the file as a whole. A log that cannot be read is left as it is, and the run
fails: to start a new one over it would be to lose the record that the log exists for.
"""

import contextlib
import fcntl
import json
from pathlib import Path
from typing import Any, Iterator

from layout import write_atomically

LOG_NAME = "alignment_LOGOS-AGENT-OMEGA.json"


class AuditError(Exception):
    """Why no entry could be added. The log is as it was."""


def append(state: Path, entry: dict[str, Any]) -> None:
    """Adds one entry at the end; when this returns, the entry is on the disk. Raises AuditError."""
    log = state / LOG_NAME
    try:
        with _lock(state):
            entries = _read(log)
            write_atomically(log, json.dumps([*entries, entry], indent=2) + "\n")
    except OSError as error:
        raise AuditError(f"{log}: {error.strerror or error}") from error


def _read(log: Path) -> list[Any]:
    try:
        entries = json.loads(log.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except ValueError as error:
        raise AuditError(f"{log} is not JSON ({error}). Restore it from the audit store") from error
    if not isinstance(entries, list):
        raise AuditError(f"{log} is not a JSON array. Restore it from the audit store")
    return entries


@contextlib.contextmanager
def _lock(state: Path) -> Iterator[None]:
    with open(state / ".alignment.lock", "w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
