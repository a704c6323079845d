/** Where the server's program is looked for. Free of the editor's API, so that it can be tested by itself. */
import { posix, win32, type PlatformPath } from "node:path";

export interface BinarySearch {
  /** The setting `ibid.server.path`; empty where the user set none. */
  readonly configured: string;
  /** The folder of the extension, which may hold a program of its own. */
  readonly extensionFolder: string;
  /** The first folder of the workspace, for `${workspaceFolder}`. */
  readonly workspaceFolder: string | undefined;
  readonly homeFolder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** Whether a path names a file that may be run. */
  readonly isExecutable: (file: string) => boolean;
}

export type BinaryResult =
  | { readonly kind: "found"; readonly path: string; readonly origin: "setting" | "bundled" | "PATH" | "usual place" }
  | { readonly kind: "missing"; readonly message: string };

/** How paths are written on the platform that is looked at, which need not be the one that a test runs on. */
function paths({ platform }: BinarySearch): PlatformPath {
  return platform === "win32" ? win32 : posix;
}

/** Looks at the setting, then for the program that came with the extension, then on the PATH and where installers put it. */
export function findBinary(search: BinarySearch): BinaryResult {
  const configured = search.configured.trim();
  if (configured !== "") {
    return findConfigured(expand(configured, search), search);
  }
  const program = search.platform === "win32" ? "ibid.exe" : "ibid";
  const path = paths(search);
  const bundled = path.join(search.extensionFolder, "server", program);
  if (search.isExecutable(bundled)) {
    return { kind: "found", path: bundled, origin: "bundled" };
  }
  const onPath = findOnPath(program, search);
  if (onPath !== undefined) {
    return { kind: "found", path: onPath, origin: "PATH" };
  }
  // An editor started from the desktop often has a shorter PATH than the user's terminal.
  const usual = usualFolders(search).map((folder) => path.join(folder, program));
  const installed = usual.find((file) => search.isExecutable(file));
  if (installed !== undefined) {
    return { kind: "found", path: installed, origin: "usual place" };
  }
  return { kind: "missing", message: `The program "${program}" was not found: neither on the PATH nor where cargo puts it.` };
}

function usualFolders(search: BinarySearch): string[] {
  const { environment, homeFolder, platform } = search;
  const path = paths(search);
  const cargo = environment["CARGO_HOME"] ?? path.join(homeFolder, ".cargo");
  const ofUser = [path.join(cargo, "bin"), path.join(homeFolder, ".local", "bin")];
  return platform === "win32" ? ofUser : [...ofUser, "/usr/local/bin", "/opt/homebrew/bin"];
}

// A setting that leads nowhere is an error: another program than the one the user named would be a surprise.
function findConfigured(file: string, search: BinarySearch): BinaryResult {
  const isBareName = !/[\\/]/.test(file);
  const found = isBareName ? findOnPath(file, search) : withEnding(file, search).find((it) => search.isExecutable(it));
  return found === undefined
    ? { kind: "missing", message: `The setting ibid.server.path names "${file}", which is not a program.` }
    : { kind: "found", path: found, origin: "setting" };
}

function findOnPath(program: string, search: BinarySearch): string | undefined {
  const path = paths(search);
  return (search.environment["PATH"] ?? search.environment["Path"] ?? "")
    .split(path.delimiter)
    // On Windows an entry may stand in quotation marks.
    .map((folder) => (search.platform === "win32" ? folder.replace(/^"(.*)"$/, "$1") : folder))
    .filter((folder) => folder !== "")
    .flatMap((folder) => withEnding(program, search).map((name) => path.join(folder, name)))
    .find((file) => search.isExecutable(file));
}

/** A program as it may be called: on Windows people leave the ending out. */
function withEnding(program: string, { platform }: BinarySearch): string[] {
  return platform === "win32" && !program.toLowerCase().endsWith(".exe") ? [`${program}.exe`, program] : [program];
}

function expand(file: string, search: BinarySearch): string {
  const withHome = /^~(?=$|[\\/])/.test(file) ? search.homeFolder + file.slice(1) : file;
  const whole = withHome.replaceAll("${workspaceFolder}", search.workspaceFolder ?? "${workspaceFolder}");
  return search.platform === "win32" ? whole.replace(/%(\w+)%/g, (name, variable: string) => known(variable, search) ?? name) : whole;
}

/** A variable of the environment, which Windows finds under any case of letters. */
function known(variable: string, { environment }: BinarySearch): string | undefined {
  const name = Object.keys(environment).find((it) => it.toUpperCase() === variable.toUpperCase());
  return name === undefined ? undefined : environment[name];
}
