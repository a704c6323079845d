#!/usr/bin/env bash
# Runs a command as on a machine that never compiled anything: in a namespace of its own, in which the homes, /usr/local and
# /opt are empty and there is no compiler. Fails with 125 where the system gives no namespaces.
#
#   packaging/bare.sh FOLDER COMMAND…     FOLDER alone is seen of what is hidden; it has to lie below /tmp
set -euo pipefail

if [ "${1:-}" != --inside ]; then
  unshare --map-root-user --mount true 2>/dev/null || { echo "there are no namespaces here" >&2; exit 125; }
  exec unshare --map-root-user --mount "$0" --inside "$@"
fi
shift
cd "$1"
shift
for folder in /root /home /usr/local /opt /work; do
  [ ! -d $folder ] || mount -t tmpfs -o size=1m none $folder
done
for program in cc c++ gcc g++ clang ld as cargo rustc rustup make pkg-config; do
  file=$(readlink -f "/usr/bin/$program" || true)
  [ ! -f "$file" ] || mount --bind /dev/null "$file"
done
exec "$@"
