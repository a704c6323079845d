import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { isNote, NOTE_LANGUAGES } from "../src/languages";
import { SERVER_KEYS, settingOf } from "../src/settings";

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command?: string; readonly when?: string }[]>>;
    readonly configuration: readonly { readonly properties: Readonly<Record<string, unknown>> }[];
  };
}

const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;

test("notes are Markdown of the user's own", () => {
  assert.ok(isNote({ languageId: "markdown", uri: { scheme: "file" } }));
  assert.ok(isNote({ languageId: "quarto", uri: { scheme: "untitled" } }));
  assert.ok(!isNote({ languageId: "bibtex", uri: { scheme: "file" } }));
  assert.ok(!isNote({ languageId: "markdown", uri: { scheme: "git" } }));
});

test("the manifest knows the languages of notes, and starts for each", () => {
  const conditions = Object.values(manifest.contributes.menus).flat().map(({ when }) => when ?? "");
  const named = conditions.filter((when) => when.includes("editorLangId"));
  assert.notEqual(named.length, 0);
  for (const condition of named) {
    assert.ok(condition.includes(`editorLangId =~ /^(${NOTE_LANGUAGES.join("|")})$/`), condition);
  }
  for (const language of NOTE_LANGUAGES) {
    assert.ok(manifest.activationEvents.includes(`onLanguage:${language}`), language);
  }
});

test("each key of ibid.toml is a setting, and each setting is a key or the client's own", () => {
  const settings = manifest.contributes.configuration.flatMap(({ properties }) => Object.keys(properties));
  const own = ["ibid.server.path", "ibid.server.args", "ibid.trace.server"];
  assert.deepEqual(settings.toSorted(), [...SERVER_KEYS.map((key) => `ibid.${settingOf(key)}`), ...own].toSorted());
});

test("each command in a menu is declared", () => {
  const declared = manifest.contributes.commands.map(({ command }) => command);
  const used = Object.values(manifest.contributes.menus).flat().flatMap(({ command }) => command ?? []);
  assert.deepEqual(used.filter((command) => !declared.includes(command)), []);
});
