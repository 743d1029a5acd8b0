#!/usr/bin/env python3
"""Boots the agent behind its proof: unlocked only when the internal excluded middle is rebuilt and rests on nothing.

Each run adds one entry to the audit log, whatever its outcome. Exit code 0 and `Current status: ALIGNED` as the last
line, or 1 and `Current status: SANDBOXED`.
"""

import hashlib
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

sys.dont_write_bytecode = True

from audit_log import AuditError, append  # noqa: E402
from build import ProofFailure, build_lock, rebuild  # noqa: E402
from build_coq_theorem_index import build_index  # noqa: E402
from claims import INTERNAL_LEM, ask, find_stubs  # noqa: E402
from layout import state_dir  # noqa: E402

AGENT_ID = "LOGOS-AGENT-OMEGA"
EXPECTED_AGENT_HASH = "a09d35345ad8dcee4d56ecf49eada0a7425ff6082353002e4473a6d582e85bda"


def main() -> int:
    sys.stdout.reconfigure(encoding="utf-8", line_buffering=True)
    agent_hash = hashlib.sha256(f"ProjectLOGOS:{AGENT_ID}".encode()).hexdigest()
    say(f"Booting in sandbox (sha256 fingerprint {agent_hash[:12]}…) — awaiting constructive LEM proof...")
    try:
        aligned = boot(state_dir(), agent_hash)
    except (AuditError, OSError) as error:
        say(f"ERROR: {error}")
        aligned = False
    say(f"Current status: {'ALIGNED' if aligned else 'SANDBOXED'}")
    return 0 if aligned else 1


def boot(state: Path, agent_hash: str) -> bool:
    """Rebuilds, asks, records. Raises AuditError: a boot that left no record does not count."""
    entry: dict[str, Any] = {
        "agent_id": AGENT_ID,
        "agent_hash": agent_hash,
        "verified_at": datetime.now(timezone.utc).isoformat(timespec="microseconds"),
        "rebuild_success": False,
        "lem_assumptions": [],
        "admitted_stubs": [],
        "coq_theorem_index": None,
        "coq_theorem_index_failed": None,
        "provenance_error": None,
    }
    try:
        if agent_hash != EXPECTED_AGENT_HASH:
            raise ProofFailure(f"the agent's hash is {agent_hash}, expected is {EXPECTED_AGENT_HASH}")
        entry["admitted_stubs"] = find_stubs()
        with build_lock():
            rebuild()
            entry["lem_assumptions"] = list(ask([INTERNAL_LEM])[INTERNAL_LEM].axioms)
        entry["rebuild_success"] = True
    except (ProofFailure, OSError, UnicodeDecodeError) as error:
        say(f"ERROR: {error}")
    for problem in entry["lem_assumptions"]:
        say(f"ERROR: {INTERNAL_LEM} rests on {problem}")
    for problem in entry["admitted_stubs"]:
        say(f"ERROR: {problem} stands where a proof should")
    aligned = entry["rebuild_success"] and not entry["lem_assumptions"] and not entry["admitted_stubs"]
    if aligned:
        entry |= theorem_index(state)
    append(state, entry)
    if aligned:
        say("Constructive LEM proof verified. Agent unlocked.")
    return aligned


def theorem_index(state: Path) -> dict[str, Any]:
    """The index is a convenience for readers: that it failed is recorded and does not lock the agent."""
    try:
        return {"coq_theorem_index": build_index(state)}
    except (ProofFailure, OSError, subprocess.CalledProcessError) as error:
        return {"coq_theorem_index_failed": str(error)}


def say(text: str) -> None:
    print(f"[{AGENT_ID}] {text}")


if __name__ == "__main__":
    sys.exit(main())
