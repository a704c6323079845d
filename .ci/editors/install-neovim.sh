#!/usr/bin/env bash
# Installs a recent Neovim from a later Debian suite into a folder of its own. The base system stays as it is,
# apart from the small tool patchelf.
#
#   install-neovim.sh [SUITE]     SUITE is a Debian suite, "forky" (Neovim 0.12) unless given; "trixie" has 0.10
#
# The result is $IBID_EDITORS_DIR/neovim-SUITE/bin/nvim; a second run finds it and does nothing.
set -euo pipefail

suite=${1:-forky}
home=${IBID_EDITORS_DIR:-$HOME/.cache/ibid-editors}/neovim-$suite

if [ -x "$home/bin/nvim" ] && "$home/bin/nvim" --version >/dev/null 2>&1; then
  echo "neovim: $("$home/bin/nvim" --version | head -n 1) is already in $home"
  exit 0
fi

if ! command -v patchelf >/dev/null; then
  apt-get update -qq
  apt-get -o DPkg::Lock::Timeout=600 install -y -qq --no-install-recommends patchelf >/dev/null
fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Packages come from whatever archive this machine already uses.
# shellcheck disable=SC2016 # apt expands the names
archive=$(apt-get indextargets --format '$(CREATED_BY) $(ORIGIN) $(SUITE) $(REPO_URI)' |
  awk '$1 == "Packages" && $2 == "Debian" && $3 !~ /security/ { print $NF; exit }')
archive=${archive:-$(sed -n 's/^URIs: *//p' /etc/apt/sources.list.d/*.sources 2>/dev/null | head -n 1)}
: "${archive:?no Debian archive is configured for apt}"

# A private apt state with an empty package database: apt then fetches Neovim and all it stands on, down to the C
# library, and installs nothing.
mkdir -p "$scratch"/{lists/partial,cache/archives/partial,sources,preferences}
: >"$scratch/status"
printf 'Types: deb\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n' \
  "$archive" "$suite" /usr/share/keyrings/debian-archive-keyring.gpg >"$scratch/sources/suite.sources"
cat >"$scratch/apt.conf" <<CONF
Dir::State "$scratch";
Dir::State::lists "$scratch/lists";
Dir::State::status "$scratch/status";
Dir::Cache "$scratch/cache";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$scratch/sources";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "$scratch/preferences";
Acquire::Languages "none";
Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false";
APT::Install-Recommends "false";
APT::Sandbox::User "root";
CONF
APT_CONFIG="$scratch/apt.conf" apt-get update -qq
APT_CONFIG="$scratch/apt.conf" apt-get -o DPkg::Lock::Timeout=600 install -y -qq --download-only neovim >/dev/null

# Unpack. The merged /usr layout comes first, so that every package's files land in one place.
rm -rf "$home"
tree=$home/tree
mkdir -p "$tree"/usr/{bin,sbin,lib,lib64} "$home/bin"
for folder in bin sbin lib lib64; do ln -s "usr/$folder" "$tree/$folder"; done
for package in "$scratch"/cache/archives/*.deb; do
  dpkg-deb --fsys-tarfile "$package" | tar --extract --keep-directory-symlink --directory "$tree"
done

# Neovim starts itself a second time and starts language servers. The loader and the library path are therefore
# written into the files and not into the environment, which the servers would inherit.
libraries=$tree/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || echo "$(uname -m)-linux-gnu")
loader=$(find "$libraries" -maxdepth 1 -name 'ld-linux*.so.*' | head -n 1)
patchelf --set-interpreter "$loader" --force-rpath --set-rpath "$libraries" "$tree/usr/bin/nvim"
find "$libraries" -maxdepth 1 -type f -name '*.so*' \
  ! -name 'ld-linux*' ! -name 'libc.so*' ! -name 'libm.so*' ! -name 'libdl.so*' ! -name 'libpthread.so*' \
  -exec patchelf --force-rpath --set-rpath "$libraries" {} + 2>/dev/null || true
rm -rf "$tree"/usr/share/{doc,man,locale,lintian} "$libraries/gconv"

cat >"$home/bin/nvim" <<RUN
#!/bin/sh
VIMRUNTIME="$tree/usr/share/nvim/runtime" exec "$tree/usr/bin/nvim" "\$@"
RUN
chmod +x "$home/bin/nvim"
echo "neovim: $("$home/bin/nvim" --version | head -n 1), $(du -sh "$home" | cut -f 1) in $home"
