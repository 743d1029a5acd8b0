"""Where things lie: the checkout, and the folder that runs write to."""

import os
from pathlib import Path

REPO_ROOT = Path(__file__).resolve().parent.parent


def state_dir() -> Path:
    """The folder for what runs leave behind: LOGOS_STATE_DIR (`~` expanded), or `state/` of the checkout.

    Made when missing, with its parents. Raises OSError when it cannot be made.
    """
    configured = os.environ.get("LOGOS_STATE_DIR", "").strip()
    folder = Path(configured).expanduser().resolve() if configured else REPO_ROOT / "state"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def write_atomically(path: Path, text: str) -> None:
    """Replaces a file as a whole: after a kill or a full disk the old content stands, never a part of the new.

    One writer at a time: the temporary name is fixed, so that a killed run leaves at most one file, which the next
    run overwrites. An existing file keeps its mode. Raises OSError.
    """
    temporary = path.with_name(f".{path.name}.tmp")
    with open(temporary, "w", encoding="utf-8") as file:
        if path.exists():
            os.fchmod(file.fileno(), path.stat().st_mode & 0o777)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
