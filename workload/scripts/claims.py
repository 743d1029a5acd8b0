"""What the proofs claim, asked of Coq itself: the statement of each named theorem and the axioms that it rests on.

`coqc` answers, never `coqtop -batch`, which ends with 0 without reading its input.
"""

import hashlib
import json
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from build import BASELINE, ProofFailure, library, modules, relative
from layout import REPO_ROOT

CLAIMS = REPO_ROOT / "axioms.json"
FINGERPRINT = REPO_ROOT / "state" / "golden_run_fingerprint.txt"

# The law of the excluded middle for decided atoms. An agent boots only while this rests on nothing.
INTERNAL_LEM = "Logos.InternalExcludedMiddle.internal_excluded_middle"

# Words by which a file would assume, skip or switch off. No section variable stands in these sources either: a premise
# is written as a premise, so that a theorem shows what it needs.
_STUB = re.compile(
    r"\b(Admitted|admit|give_up|Axioms?|Parameters?|Conjectures?|Hypothes[ie]s|Variables?|Context|Declare\s+Module"
    r"|bypass_check|Unset\s+(?:Guard|Positivity|Universe)\s+Checking|type_in_type)\b"
)


@dataclass(frozen=True)
class Answer:
    """What Coq says of one theorem: sha256 of its statement, and its axioms' names, sorted."""

    statement: str
    axioms: tuple[str, ...]


def pinned_axioms() -> dict[str, tuple[str, ...]]:
    """The theorems of `axioms.json`, each with the axioms that it may and must rest on. Raises ProofFailure."""
    try:
        theorems = json.loads(CLAIMS.read_text(encoding="utf-8"))["theorems"]
        pinned = {name: tuple(sorted(axioms)) for name, axioms in theorems.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ProofFailure(f"{CLAIMS} is not {{\"theorems\": {{NAME: [AXIOM, ...]}}}}: {error!r}") from error
    for name in pinned:
        if not re.fullmatch(r"[A-Za-z_][\w']*(\.[A-Za-z_][\w']*)+", name):
            raise ProofFailure(f"{CLAIMS}: {name!r} is not a qualified name")
    if INTERNAL_LEM not in pinned:
        raise ProofFailure(f"{CLAIMS} does not name {INTERNAL_LEM}")
    return pinned


def pinned_statements() -> dict[str, str]:
    """sha256 of each statement, as the golden run saw it. Raises ProofFailure when the file is missing."""
    try:
        lines = FINGERPRINT.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ProofFailure(f"cannot read {FINGERPRINT}: {error}. Write it with scripts/golden_run.py") from error
    pairs = (line.removeprefix("statement ").partition("=") for line in lines if line.startswith("statement "))
    return {name: digest for name, _, digest in pairs}


def ask(theorems: list[str]) -> dict[str, Answer]:
    """Asks Coq about built theorems. Raises ProofFailure when one does not exist or Coq says what is not understood."""
    folder, prefix = library()
    with tempfile.TemporaryDirectory(prefix="logos-claims-") as scratch:
        lines = ["Require " + " ".join(modules()) + ".", "Set Printing Width 1000000.", "Set Printing All."]
        for number, name in enumerate(theorems):
            lines.append(f'Redirect "{scratch}/axioms{number}" Print Assumptions {name}.')
            lines.append(f'Redirect "{scratch}/statement{number}" Check @{name}.')
        question = Path(scratch, "Question.v")
        question.write_text("\n".join(lines) + "\n", encoding="utf-8")
        finished = subprocess.run(
            ["coqc", "-q", "-w", "none", "-Q", str(REPO_ROOT / folder), prefix, str(question)],
            cwd=scratch, stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8",
        )
        if finished.returncode != 0:
            raise ProofFailure(f"coqc cannot answer for the theorems of {CLAIMS.name}:\n{finished.stderr.strip()}")
        return {
            name: Answer(
                hashlib.sha256(" ".join(_read(scratch, f"statement{number}").split()).encode()).hexdigest(),
                _parse_assumptions(name, _read(scratch, f"axioms{number}")),
            )
            for number, name in enumerate(theorems)
        }


def extra_assumptions(name: str, answer: Answer, pinned: dict[str, tuple[str, ...]]) -> list[str]:
    """The axioms of a theorem that are not pinned for it."""
    return [axiom for axiom in answer.axioms if axiom not in pinned[name]]


def find_stubs() -> list[str]:
    """Places in the sources, as `file:line: word`, that assume or skip something. Comments and strings do not count."""
    found = []
    for path in sorted(BASELINE.rglob("*.v")):
        text = _without_comments(path.read_text(encoding="utf-8"))
        for match in _STUB.finditer(text):
            found.append(f"{relative(path)}:{text.count(chr(10), 0, match.start()) + 1}: {match.group()}")
    return found


def _read(scratch: str, name: str) -> str:
    try:
        return Path(scratch, f"{name}.out").read_text(encoding="utf-8")
    except OSError as error:
        raise ProofFailure(f"Coq left no answer: {error}") from error


def _parse_assumptions(theorem: str, text: str) -> tuple[str, ...]:
    """Everything that is not one of the two known forms is refused: Coq also reports switched-off checks here."""
    first, *rest = text.rstrip().splitlines() or [""]
    if first == "Closed under the global context" and not rest:
        return ()
    names = [line.partition(" : ")[0] for line in rest if not line.startswith(" ")]
    if first != "Axioms:" or not names or not all(re.fullmatch(r"[\w'.]+", name) for name in names):
        raise ProofFailure(f"Print Assumptions {theorem} answered what is not understood:\n{text}")
    return tuple(sorted(names))


def _without_comments(text: str) -> str:
    """The text with comments (which nest) and strings blanked, line numbers kept."""
    kept, depth, in_string, at = [], 0, False, 0
    while at < len(text):
        pair = text[at : at + 2]
        if not in_string and pair in ("(*", "*)") and (pair == "(*" or depth > 0):
            depth += 1 if pair == "(*" else -1
            kept.append("  ")
            at += 2
            continue
        if text[at] == '"':
            in_string = not in_string
        hidden = depth > 0 or in_string
        kept.append(text[at] if text[at] == "\n" or not hidden else " ")
        at += 1
    return "".join(kept)
