#!/bin/sh
# Makes a Git repository of this folder at DEST, and prints its commit id. The same content gives the same id on every
# machine. The second commit records the identity, which names the first as its parent.
#
# usage: make-repository.sh DEST
#
# A DEST that already is this repository is left alone; anything else there is replaced as a whole.
set -eu

[ $# -eq 1 ] && [ -n "$1" ] || { echo "usage: make-repository.sh DEST" >&2; exit 2; }
for program in git python3; do
  command -v "$program" >/dev/null || { echo "make-repository.sh: $program is not on PATH: install it" >&2; exit 1; }
done

# Nothing of the caller's Git may reach the commits: no configuration, no repository of the environment, no umask.
for variable in $(git rev-parse --local-env-vars); do unset "$variable"; done
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_ATTR_NOSYSTEM=1 LC_ALL=C
umask 022
author='LOGOS workload'
mail='workload@logos.invalid'
moment='1735689600 +0000'
export GIT_AUTHOR_NAME="$author" GIT_AUTHOR_EMAIL="$mail" GIT_AUTHOR_DATE="$moment"
export GIT_COMMITTER_NAME="$author" GIT_COMMITTER_EMAIL="$mail" GIT_COMMITTER_DATE="$moment"

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
mkdir -p -- "$(dirname -- "$1")"
parent=$(CDPATH='' cd -- "$(dirname -- "$1")" && pwd -P)
dest=$parent/$(basename -- "$1")
making=$parent/.$(basename -- "$1").making
case $dest/ in "$here"/*)
  echo "make-repository.sh: $dest lies in the folder that it is made of: choose another" >&2
  exit 1
  ;;
esac

# One run at a time per parent folder. The kernel lets the lock go with this process, however it ends.
exec 9<"$parent"
python3 -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX)'
rm -rf -- "$making"

# Tracked files where this is a Git checkout, else, in an unpacked archive, all that .gitignore lets through.
files() {
  if [ -n "$(git -c safe.directory='*' -C "$here" ls-files -- . 2>/dev/null)" ]; then
    git -c safe.directory='*' -C "$here" ls-files -- .
  else
    git -c core.excludesFile=/dev/null --git-dir="$making/.git" --work-tree="$here" -C "$here" \
      ls-files --others --exclude-standard -- .
  fi | grep -vx 'state/IDENTITY_HASH.txt' | sort
}

# The mode of a file follows from its content, so that no file system or umask has a say.
mode() {
  if [ "$(head -c 2 -- "$1" | tr -d '\0')" = '#!' ]; then echo 100755; else echo 100644; fi
}

commit() {
  git -C "$making" update-ref refs/heads/main \
    "$(git -C "$making" commit-tree "$(git -C "$making" write-tree)" -m "$1" ${2:+-p "$2"})"
  git -C "$making" rev-parse main
}

git init -q --template= --object-format=sha1 -b main "$making"
git -C "$making" config core.autocrlf false
files | while read -r path; do
  if [ -h "$here/$path" ] || [ ! -f "$here/$path" ]; then
    echo "make-repository.sh: $here/$path is not a plain file: restore it or remove it from Git" >&2
    exit 1
  fi
  blob=$(git -C "$making" hash-object -w --no-filters -- "$here/$path")
  printf '%s %s\t%s\n' "$(mode "$here/$path")" "$blob" "$path"
done >"$making/.git/listing" || exit 1
git -C "$making" update-index --index-info <"$making/.git/listing"
rm -- "$making/.git/listing"
first=$(commit 'Reference proofs of the LOGOS workload')
git -C "$making" checkout-index -q -a
python3 "$making/scripts/compute_identity_hash.py" --init-identity
git -C "$making" add -f state/IDENTITY_HASH.txt
second=$(commit 'Record the identity of the first commit' "$first")
git -C "$making" update-index -q --refresh

stands() {
  [ "$(git -c safe.directory='*' -C "$dest" rev-parse --verify -q HEAD 2>/dev/null)" = "$second" ] \
    && [ "$(git -c safe.directory='*' -C "$dest" symbolic-ref -q HEAD)" = refs/heads/main ] \
    && [ "$(git -c safe.directory='*' -C "$dest" rev-parse --show-toplevel)" = "$dest" ] \
    && [ -z "$(git -c safe.directory='*' -C "$dest" status --porcelain --untracked-files=no)" ]
}

if stands; then
  :
elif [ -e "$dest" ] || [ -h "$dest" ]; then
  # One system call swaps the two, so that a kill leaves either the old or the new one at DEST.
  python3 - "$making" "$dest" <<'PYTHON'
import ctypes, os, sys
AT_FDCWD, RENAME_EXCHANGE = -100, 2
libc = ctypes.CDLL(None, use_errno=True)
old, new = (os.fsencode(path) for path in sys.argv[1:])
if libc.renameat2(AT_FDCWD, old, AT_FDCWD, new, RENAME_EXCHANGE) != 0:
    sys.exit(f"make-repository.sh: cannot replace {sys.argv[2]}: {os.strerror(ctypes.get_errno())}")
PYTHON
else
  mv -- "$making" "$dest"
fi
rm -rf -- "$making"
echo "$second"
