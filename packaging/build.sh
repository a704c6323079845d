#!/usr/bin/env bash
# Builds the program for one target, once, as a wheel, and takes the program of all other channels out of it, with the bill
# of materials (CycloneDX) that maturin makes.
#
#   packaging/build.sh TARGET            target/dist/wheels/TARGET/*.whl and target/dist/bin/TARGET/{ibid,sbom.cdx.json}
#   packaging/build.sh host              the target of this machine, without cross-compiling
#
# IBID_PROFILE names another cargo profile than release. Where targets.toml says `zig`, maturin builds with zig by way of
# cargo-zigbuild, against the C library that is named there. Needs maturin, and ziglang from PyPI for zig.
set -euo pipefail
cd "$(dirname "$0")/.."

target=${1:?a target, or host}
profile=${IBID_PROFILE:-release}
dist=${IBID_DIST:-target/dist}
python=${PYTHON:-python3}
mkdir -p "$dist/wheels"

say() { "$python" - "$1" "$2" <<'PYTHON'
import sys, tomllib
entries = tomllib.load(open("packaging/targets.toml", "rb"))["target"]
entry = next((entry for entry in entries if entry["rust"] == sys.argv[1]), {})
value = entry.get(sys.argv[2], "")
print(str(value).lower() if isinstance(value, bool) else value)
PYTHON
}

absolute() { "$python" -c 'import os, sys; print(os.path.abspath(sys.argv[1]).replace(os.sep, "/"))' "$1"; }
flags=(--locked --profile "$profile" --out "$(absolute "$dist/wheels/$target")")
if [ "$target" = host ]; then
  flags+=(--compatibility linux)
else
  compatibility=$(say "$target" wheel)
  flags+=(--target "$target" --compatibility "${compatibility:-off}")
  [ "$(say "$target" zig)" != true ] || flags+=(--zig)
fi
# So that the program needs no runtime library that Windows does not have by itself.
[[ $target != *-windows-msvc ]] || export RUSTFLAGS="-C target-feature=+crt-static"
rm -rf "${dist:?}/wheels/$target" "${dist:?}/bin/$target"
# maturin takes the pyproject.toml of the folder it is called in; the licences have to stand beside it.
source=$dist/wheel-source
mkdir -p "$source"
cp LICENSE* packaging/wheel/README.md "$source"
sed "s|^manifest-path = .*|manifest-path = '$(absolute Cargo.toml)'|" packaging/wheel/pyproject.toml >"$source/pyproject.toml"
(cd "$source" && "${MATURIN:-maturin}" build "${flags[@]}")

"$python" - "$dist/wheels/$target" "$dist/bin/$target" <<'PYTHON'
import pathlib, sys, zipfile
wheels, folder = map(pathlib.Path, sys.argv[1:])
(wheel,) = wheels.glob("*.whl")
archive = zipfile.ZipFile(wheel)
(program,) = [name for name in archive.namelist() if "/scripts/ibid" in name]
folder.mkdir(parents=True, exist_ok=True)
path = folder / pathlib.PurePosixPath(program).name
path.write_bytes(archive.read(program))
path.chmod(0o755)
(bill,) = [name for name in archive.namelist() if name.endswith(".cyclonedx.json")]
(folder / "sbom.cdx.json").write_bytes(archive.read(bill))
print(f"{path}: {path.stat().st_size} bytes, in {wheel.name}: {wheel.stat().st_size} bytes")
PYTHON
