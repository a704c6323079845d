import assert from "node:assert/strict";
import test from "node:test";
import { readFileSync } from "node:fs";
import path from "node:path";
import { answerForSection, settingsForServer, settingsMadeByUser, type Configuration } from "../src/settings";

type Places = ReturnType<Configuration["inspect"]>;

function configuration(places: Record<string, Places>, defaults: Record<string, unknown> = {}): Configuration {
  return {
    inspect: (key) => places[key],
    get: (key) => Object.values(places[key] ?? {}).findLast((value) => value !== undefined) ?? defaults[key],
  };
}

test("defaults are not sent", () => {
  const untouched = configuration({ "corpus.paths": {}, "hover.abstractChars": {} }, { "hover.abstractChars": 1200 });
  assert.deepEqual(settingsMadeByUser(untouched), {});
});

test("what the user set is sent as a tree, also where it equals the default", () => {
  const made = configuration({
    "corpus.paths": { workspaceValue: ["papers/"] },
    "hover.abstractChars": { globalValue: 1200 },
    "diagnostics.unresolved.links": { workspaceFolderValue: "all" },
    aliases: { globalValue: { "phi-3": "arXiv:2404.14219" } },
  });
  assert.deepEqual(settingsMadeByUser(made), {
    corpus: { paths: ["papers/"] },
    hover: { abstract_chars: 1200 },
    diagnostics: { unresolved: { links: "all" } },
    aliases: { "phi-3": "arXiv:2404.14219" },
  });
});

test("keys below two tables, and keys with lines, are sent as ibid.toml has them", () => {
  const made = configuration({
    "diagnostics.severity.literatureNote": { workspaceValue: "off" },
    inlayHints: { globalValue: "year" },
    "literatureNotes.folder": { globalValue: "about" },
  });
  assert.deepEqual(settingsMadeByUser(made), {
    diagnostics: { severity: { literature_note: "off" } },
    inlay_hints: "year",
    literature_notes: { folder: "about" },
  });
});

test("falsy values count as set", () => {
  const made = configuration({ "corpus.paths": { workspaceValue: [] }, "hover.abstractChars": { globalValue: 0 } });
  assert.deepEqual(settingsMadeByUser(made), { corpus: { paths: [] }, hover: { abstract_chars: 0 } });
});

test("settings that are the client's own are not sent", () => {
  const made = configuration({ "server.path": { globalValue: "/bin/ibid" }, "trace.server": { globalValue: "verbose" } });
  assert.deepEqual(settingsMadeByUser(made), {});
});

test("the server is answered for its section, a part of it, and no other", () => {
  const made = configuration({ "hover.abstractChars": { globalValue: 300 } });
  const answer = (section: string | undefined) => answerForSection(section, () => made, false);
  assert.deepEqual(answer("ibid"), { value: { hover: { abstract_chars: 300 }, workspaceTrust: false } });
  assert.deepEqual(answer("ibid.hover"), { value: { abstract_chars: 300 } });
  assert.deepEqual(answer("ibid.hover.abstract_chars"), { value: 300 });
  assert.deepEqual(answer("ibid.aliases"), { value: null });
  assert.equal(answer("ibidem"), undefined);
  assert.equal(answer(undefined), undefined);
});

test("the editor alone says whether the workspace is trusted, whatever its settings say", () => {
  const made = configuration({
    workspaceTrust: { workspaceValue: true },
    workspace_trust: { workspaceValue: true },
    trusted: { workspaceValue: ["/"] },
  });
  assert.deepEqual(settingsForServer(made, false), { workspaceTrust: false });
  assert.deepEqual(settingsForServer(configuration({}), true), { workspaceTrust: true });
  assert.deepEqual(answerForSection("ibid", () => made, false), { value: { workspaceTrust: false } });
});

test("an untrusted workspace cannot set what reads or writes files, or runs programs", () => {
  const manifest = JSON.parse(readFileSync(path.resolve("package.json"), "utf8")) as {
    capabilities: { untrustedWorkspaces: { supported: string; restrictedConfigurations: string[] } };
    contributes: { configuration: { properties: Record<string, unknown> }[] };
  };
  const { supported, restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
  assert.equal(supported, "limited");
  const settings = manifest.contributes.configuration.flatMap(({ properties }) => Object.keys(properties));
  for (const key of ["server.path", "server.args", "references.style", "literatureNotes.folder", "literatureNotes.template"]) {
    assert.ok(restrictedConfigurations.includes(`ibid.${key}`), key);
    assert.ok(settings.includes(`ibid.${key}`), key);
  }
});
