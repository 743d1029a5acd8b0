#!/usr/bin/env python3
"""Writes an index of every theorem in the sources, with the Coq that checks them, to `coq_theorem_index.json`."""

import hashlib
import json
import re
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

sys.dont_write_bytecode = True

from build import ProofFailure, listed_sources, modules  # noqa: E402
from layout import REPO_ROOT, state_dir, write_atomically  # noqa: E402

_THEOREM = re.compile(r"^(Theorem|Lemma|Corollary)\s+([\w']+)", re.MULTILINE)


def main() -> int:
    try:
        written = build_index(state_dir())
    except (ProofFailure, OSError, subprocess.CalledProcessError) as error:
        print(f"ERROR: {error}", file=sys.stderr)
        return 1
    print(f"Wrote {written['path']}")
    return 0


def build_index(state: Path) -> dict[str, str]:
    """Writes the index and gives its path, hash and time. Raises ProofFailure, OSError, CalledProcessError."""
    index: dict[str, Any] = {
        "coq_version": _answer("coqc", "--print-version").split()[0],
        "repo_sha": _answer("git", "-C", str(REPO_ROOT), "rev-parse", "HEAD"),
        "theorems": [
            {
                "name": f"{module}.{match[2]}",
                "kind": match[1],
                "file": source,
                "line": text.count("\n", 0, match.start()) + 1,
            }
            for source, module in zip(listed_sources(), modules(), strict=True)
            for text in [(REPO_ROOT / source).read_text(encoding="utf-8")]
            for match in _THEOREM.finditer(text)
        ],
    }
    canonical = json.dumps(index, sort_keys=True, separators=(",", ":"))
    index["index_hash"] = hashlib.sha256(canonical.encode()).hexdigest()
    index["generated_at"] = datetime.now(timezone.utc).isoformat(timespec="microseconds")
    path = state / "coq_theorem_index.json"
    write_atomically(path, json.dumps(index, indent=2) + "\n")
    shown = path.relative_to(REPO_ROOT) if path.is_relative_to(REPO_ROOT) else path
    return {"path": str(shown), "index_hash": index["index_hash"], "generated_at": index["generated_at"]}


def _answer(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
