#!/usr/bin/env python3
"""Writes the mission profile of a mode to `mission_profile.json` in the state folder. Exit code 0, or 1 and why."""

import argparse
import json
import sys
from typing import Any

sys.dont_write_bytecode = True

from layout import state_dir, write_atomically  # noqa: E402

PROFILES: dict[str, dict[str, Any]] = {
    "demo": {
        "label": "DEMO_STABLE",
        "allow_self_modification": False,
        "allow_reflexivity": False,
        "execute_hooks": False,
        "log_detail": "high",
        "override_exit_on_error": False,
        "safe_interfaces_only": True,
        "description": "Proof-gated rebuilds and boots only; nothing changes itself.",
    },
    "experimental": {
        "label": "AGENTIC_EXPERIMENT",
        "allow_self_modification": False,
        "allow_reflexivity": True,
        "execute_hooks": True,
        "log_detail": "maximum",
        "override_exit_on_error": False,
        "safe_interfaces_only": True,
        "description": "Reflexive runs under observation, through safe interfaces.",
    },
    "agentic": {
        "label": "AGENTIC_MISSION",
        "allow_self_modification": True,
        "allow_reflexivity": True,
        "execute_hooks": True,
        "log_detail": "maximum",
        "override_exit_on_error": True,
        "safe_interfaces_only": False,
        "description": "Unattended missions, which keep on through errors.",
        "system_completeness_priority": True,
        "gap_detection_enabled": True,
        "commitment_prioritization_required": True,
        "world_model_snapshot_required": True,
    },
}


def main() -> int:
    parser = argparse.ArgumentParser(description="Set the mission mode.")
    parser.add_argument("--mode", default="demo", help="demo, experimental or agentic; without it, demo")
    mode = parser.parse_args().mode
    profile = PROFILES.get(mode.lower()) or PROFILES.get(mode.removesuffix("_mode"))
    if profile is None:
        print(f"Unknown mission mode '{mode}'. Available: {', '.join(PROFILES)}", file=sys.stderr)
        return 1
    try:
        path = state_dir() / "mission_profile.json"
        write_atomically(path, json.dumps(profile, indent=2) + "\n")
    except OSError as error:
        print(f"The mission profile cannot be written: {error}", file=sys.stderr)
        return 1
    print(f"[mission] Mode set to {profile['label']}: {profile['description']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
