import assert from "node:assert/strict";
import test from "node:test";
import { findBinary, type BinaryResult, type BinarySearch } from "../src/binary";

const everything: BinarySearch = {
  configured: "",
  extensionFolder: "/ext",
  workspaceFolder: "/notes",
  homeFolder: "/home/ada",
  environment: { PATH: "/usr/bin:/opt/bin" },
  platform: "linux",
  isExecutable: () => true,
};

function find(changes: Partial<BinarySearch>, files?: readonly string[]): BinaryResult {
  const isExecutable = files === undefined ? everything.isExecutable : (file: string) => files.includes(file);
  return findBinary({ ...everything, isExecutable, ...changes });
}

test("the setting comes first, then the bundled program, then the PATH", () => {
  assert.deepEqual(find({ configured: "/my/ibid" }), { kind: "found", path: "/my/ibid", origin: "setting" });
  assert.deepEqual(find({}), { kind: "found", path: "/ext/server/ibid", origin: "bundled" });
  assert.deepEqual(find({}, ["/opt/bin/ibid"]), { kind: "found", path: "/opt/bin/ibid", origin: "PATH" });
});

test("the first folder of the PATH wins, and empty entries are no folders", () => {
  const found = find({ environment: { PATH: ":/a:/b" } }, ["/a/ibid", "/b/ibid", "ibid"]);
  assert.deepEqual(found, { kind: "found", path: "/a/ibid", origin: "PATH" });
});

test("home and workspace are replaced in the setting", () => {
  assert.deepEqual(find({ configured: "~/bin/ibid" }, ["/home/ada/bin/ibid"]), {
    kind: "found",
    path: "/home/ada/bin/ibid",
    origin: "setting",
  });
  assert.deepEqual(find({ configured: "${workspaceFolder}/target/ibid" }, ["/notes/target/ibid"]), {
    kind: "found",
    path: "/notes/target/ibid",
    origin: "setting",
  });
  assert.equal(find({ configured: "~ada/ibid" }, ["/home/ada/ibid"]).kind, "missing");
});

test("a bare name in the setting is looked up on the PATH", () => {
  const found = find({ configured: "ibid-nightly" }, ["/usr/bin/ibid-nightly"]);
  assert.deepEqual(found, { kind: "found", path: "/usr/bin/ibid-nightly", origin: "setting" });
});

test("a setting that leads nowhere is not passed over", () => {
  const result = find({ configured: "/gone/ibid" }, ["/ext/server/ibid", "/usr/bin/ibid"]);
  assert.match(result.kind === "missing" ? result.message : "", /ibid\.server\.path names "\/gone\/ibid"/);
});

test("what installers put somewhere else is found where the PATH does not lead", () => {
  for (const [file, changes] of [
    ["/home/ada/.cargo/bin/ibid", {}],
    ["/opt/cargo/bin/ibid", { environment: { CARGO_HOME: "/opt/cargo" } }],
    ["/home/ada/.local/bin/ibid", {}],
    ["/opt/homebrew/bin/ibid", { platform: "darwin" }],
  ] as const) {
    assert.deepEqual(find(changes, [file]), { kind: "found", path: file, origin: "usual place" });
  }
});

test("nothing anywhere is missing, with the name that was looked for", () => {
  const result = find({}, []);
  assert.match(result.kind === "missing" ? result.message : "", /"ibid" was not found: neither on the PATH/);
});

const windows: Partial<BinarySearch> = {
  platform: "win32",
  extensionFolder: "c:\\Users\\Ada\\.vscode\\extensions\\ibid",
  workspaceFolder: "c:\\Users\\Ada\\My Notes",
  homeFolder: "C:\\Users\\Ada",
  environment: { Path: 'C:\\Windows;"D:\\Tools\\bin";C:\\a', LocalAppData: "C:\\Users\\Ada\\AppData\\Local" },
};

test("paths of Windows are put together and split as Windows writes them", () => {
  for (const [configured, file, origin] of [
    ["", "c:\\Users\\Ada\\.vscode\\extensions\\ibid\\server\\ibid.exe", "bundled"],
    ["", "C:\\a\\ibid.exe", "PATH"],
    ["", "C:\\Users\\Ada\\.cargo\\bin\\ibid.exe", "usual place"],
    ["~\\bin\\ibid.exe", "C:\\Users\\Ada\\bin\\ibid.exe", "setting"],
    ["~/bin/ibid", "C:\\Users\\Ada/bin/ibid.exe", "setting"],
    ["${workspaceFolder}\\ibid.exe", "c:\\Users\\Ada\\My Notes\\ibid.exe", "setting"],
    ["%LOCALAPPDATA%\\ibid\\ibid", "C:\\Users\\Ada\\AppData\\Local\\ibid\\ibid.exe", "setting"],
    ["D:\\ibid.EXE", "D:\\ibid.EXE", "setting"],
    ["\\\\server\\share\\ibid.exe", "\\\\server\\share\\ibid.exe", "setting"],
    ["ibid", "C:\\a\\ibid.exe", "setting"],
  ] as const) {
    assert.deepEqual(find({ ...windows, configured }, [file]), { kind: "found", path: file, origin }, configured);
  }
});

test("an entry of Windows' path may stand in quotation marks", () => {
  const environment = { PATH: '"C:\\Program Files\\ibid"' };
  const file = "C:\\Program Files\\ibid\\ibid.exe";
  assert.deepEqual(find({ ...windows, environment }, [file]), { kind: "found", path: file, origin: "PATH" });
});

test("what Windows does not know stays as it is written", () => {
  const result = find({ ...windows, configured: "%NOWHERE%\\ibid.exe" }, ["C:\\a\\ibid.exe"]);
  assert.match(result.kind === "missing" ? result.message : "", /names "%NOWHERE%\\ibid\.exe"/);
  // Elsewhere a file may be called so.
  const file = "/opt/%HOME%/ibid";
  assert.deepEqual(find({ configured: file, environment: { HOME: "/x" } }, [file]), {
    kind: "found",
    path: file,
    origin: "setting",
  });
});

test("Windows looks for ibid.exe and splits the path at semicolons", () => {
  const asked: string[] = [];
  const isExecutable = (file: string): boolean => {
    asked.push(file);
    return false;
  };
  findBinary({ ...everything, isExecutable, platform: "win32", environment: { Path: "C:\\a;C:\\b" } });
  // The extension's own folder, the two of the PATH, and the two where installers put it.
  assert.equal(asked.length, 5);
  assert.ok(asked.every((file) => file.endsWith("ibid.exe")));
});
