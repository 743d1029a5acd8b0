#!/usr/bin/env python3
"""Builds the proofs and records what their named theorems state, for later runs to be compared with.

Run it when a statement was changed on purpose, then record the identity anew (compute_identity_hash.py --init-identity)
and commit both. Refuses when a theorem rests on anything but its pinned axioms. Exit code 0 or 1.
"""

import platform
import subprocess
import sys

sys.dont_write_bytecode = True

from build import ProofFailure, build_lock, rebuild  # noqa: E402
from claims import FINGERPRINT, ask, find_stubs, pinned_axioms  # noqa: E402
from layout import write_atomically  # noqa: E402


def main() -> int:
    try:
        pinned = pinned_axioms()
        with build_lock():
            rebuild()
            answers = ask(list(pinned))
        wrong = find_stubs() + [
            f"{name} rests on [{', '.join(answer.axioms)}], but [{', '.join(pinned[name])}] is pinned"
            for name, answer in answers.items()
            if answer.axioms != pinned[name]
        ]
        if wrong:
            raise ProofFailure("\n".join(wrong))
        coq = subprocess.run(["coqc", "--print-version"], check=True, capture_output=True, text=True).stdout.split()[0]
        lines = [f"coq_version={coq}", f"python_version={platform.python_version()}"]
        lines += [f"statement {name}={answer.statement}" for name, answer in sorted(answers.items())]
        write_atomically(FINGERPRINT, "\n".join(lines) + "\n")
    except (ProofFailure, OSError, subprocess.CalledProcessError) as error:
        print(f"ERROR: {error}", file=sys.stderr)
        return 1
    print(f"Wrote {FINGERPRINT}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
