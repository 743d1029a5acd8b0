#!/usr/bin/env python3
"""Rebuilds every proof and checks what the proofs claim. Exit code 0 and `Overall status: PASS`, or 1 and FAIL.

Writes build products beside the sources and nothing else.
"""

import subprocess
import sys
from pathlib import Path

REPO_ROOT = Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(REPO_ROOT / "scripts"))

from build import ProofFailure, build_lock, rebuild  # noqa: E402
from claims import INTERNAL_LEM, Answer, ask, extra_assumptions, find_stubs  # noqa: E402
from claims import pinned_axioms, pinned_statements  # noqa: E402

IDENTITY = REPO_ROOT / "scripts" / "compute_identity_hash.py"


def main() -> int:
    sys.stdout.reconfigure(encoding="utf-8", line_buffering=True)
    errors: list[str] = []
    sections: dict[str, list[str] | None] = {}
    try:
        sections["Residual `Admitted.` stubs in baseline"] = find_stubs()
        pinned = pinned_axioms()
        with build_lock():
            rebuild()
            answers = ask(list(pinned))
        sections |= assumption_sections(answers, pinned)
        errors += claim_errors(answers, pinned)
        errors += identity_errors()
    except (ProofFailure, OSError, UnicodeDecodeError) as error:
        errors.append(str(error))
    errors += [f"{title}: {len(items)}" for title, items in sections.items() if items]
    report(errors, sections)
    return 1 if errors else 0


def assumption_sections(answers: dict[str, Answer], pinned: dict[str, tuple[str, ...]]) -> dict[str, list[str]]:
    def extra(names: list[str]) -> list[str]:
        return [f"{name}: {axiom}" for name in names for axiom in extra_assumptions(name, answers[name], pinned)]

    others = [name for name in pinned if name != INTERNAL_LEM]
    return {
        "Constructive theorems – extra assumptions": extra([name for name in others if not pinned[name]]),
        "Classical theorems – extra assumptions": extra([name for name in others if pinned[name]]),
        "Internal LEM – extra assumptions": extra([INTERNAL_LEM]),
    }


def claim_errors(answers: dict[str, Answer], pinned: dict[str, tuple[str, ...]]) -> list[str]:
    """A theorem must rest on all that is pinned for it, and still state what it stated in the golden run."""
    statements = pinned_statements()
    errors = [
        f"{name} no longer rests on {axiom}: take it from axioms.json"
        for name, answer in answers.items()
        for axiom in pinned[name]
        if axiom not in answer.axioms
    ]
    errors += [
        f"{name} does not state what it stated in the golden run. If that is meant, run scripts/golden_run.py"
        for name, answer in answers.items()
        if statements.get(name) != answer.statement
    ]
    return errors


def identity_errors() -> list[str]:
    finished = subprocess.run([sys.executable, str(IDENTITY)], stdin=subprocess.DEVNULL)
    return [] if finished.returncode == 0 else [f"{IDENTITY.name} ended with exit code {finished.returncode}"]


def report(errors: list[str], sections: dict[str, list[str] | None]) -> None:
    for error in errors:
        print(f"ERROR: {error}")
    print("\n=== Logos Kernel Rebuild ===")
    print(f"Overall status: {'FAIL' if errors else 'PASS'}")
    for title in (
        "Constructive theorems – extra assumptions",
        "Classical theorems – extra assumptions",
        "Internal LEM – extra assumptions",
        "Residual `Admitted.` stubs in baseline",
    ):
        print(f"\n=== {title} ===")
        items = sections.get(title)
        for line in ["<not checked>"] if items is None else items or ["<none>"]:
            print(f"  {line}")


if __name__ == "__main__":
    sys.exit(main())
