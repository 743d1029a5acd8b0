#!/usr/bin/env python3
"""The identity of this checkout: a digest of the files that decide what a verdict means.

The proofs themselves are not part of it: they are rebuilt for each verdict, and the commit names them. With no argument
the identity is compared with the recorded one; `--init-identity` records it, to be committed on top of HEAD.
Exit code 0, or 1 with the reason on stderr.
"""

import argparse
import hashlib
import subprocess
import sys

sys.dont_write_bytecode = True

from layout import REPO_ROOT, write_atomically  # noqa: E402

RECORD = REPO_ROOT / "state" / "IDENTITY_HASH.txt"
INCLUDED = (
    "state/golden_run_fingerprint.txt",
    "test_lem_discharge.py",
    "_CoqProject",
    "axioms.json",
    "AUDIT/STRUCTURE.md",
    "scripts/audit_log.py",
    "scripts/boot_aligned_agent.py",
    "scripts/build.py",
    "scripts/claims.py",
    "scripts/compute_identity_hash.py",
    "scripts/layout.py",
)


class IdentityError(Exception):
    """Why the identity cannot be computed, or is not the recorded one."""


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare the identity of this checkout with the recorded one.")
    parser.add_argument("--init-identity", action="store_true", help="record the identity, with HEAD as its parent")
    arguments = parser.parse_args()
    try:
        if arguments.init_identity:
            record()
        else:
            compare()
    except (IdentityError, OSError) as error:
        print(f"{RECORD.name}: {error}", file=sys.stderr)
        return 1
    return 0


def record() -> None:
    fields = {
        "parent_sha": _git("rev-parse", "HEAD"),
        "identity_sha256": identity(),
        "included_files": ",".join(INCLUDED),
    }
    write_atomically(RECORD, "".join(f"{key}={value}\n" for key, value in fields.items()))


def compare() -> None:
    lines = RECORD.read_text(encoding="utf-8").splitlines()
    recorded = {key: value for key, _, value in (line.partition("=") for line in lines)}
    if recorded.get("included_files") != ",".join(INCLUDED):
        raise IdentityError("included_files is not the list of this script: run --init-identity and commit")
    found = identity()
    if recorded.get("identity_sha256") != found:
        raise IdentityError(
            f"identity_sha256 is {recorded.get('identity_sha256')}, but the files give {found}. "
            "If the change is meant, run --init-identity and commit"
        )
    parent, head = recorded.get("parent_sha", ""), _git("rev-parse", "HEAD")
    if parent == head:
        return
    if len(parent) < 40 or not _git_succeeds("merge-base", "--is-ancestor", parent, head):
        raise IdentityError(
            f"parent_sha mismatch: {parent!r} is neither HEAD ({head}) nor an ancestor of it in this clone. "
            "A shallow clone has to be completed (git fetch --unshallow)"
        )


def identity() -> str:
    """sha256 over `PATH=`, `LEN=`, the bytes and a rule, for each included file in order. Raises OSError."""
    digest = hashlib.sha256()
    for path in INCLUDED:
        content = (REPO_ROOT / path).read_bytes()
        digest.update(f"PATH={path}\nLEN={len(content)}\n".encode() + content + b"\n--\n")
    return digest.hexdigest()


def _git(*arguments: str) -> str:
    finished = subprocess.run(["git", "-C", str(REPO_ROOT), *arguments], capture_output=True, text=True)
    if finished.returncode != 0:
        raise IdentityError(f"git {' '.join(arguments)} failed: {finished.stderr.strip()}")
    return finished.stdout.strip()


def _git_succeeds(*arguments: str) -> bool:
    return subprocess.run(["git", "-C", str(REPO_ROOT), *arguments], capture_output=True).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
