/** Which settings the server gets. Free of the editor's API, so that it can be tested by itself. */

/** The keys of ibid.toml that the editor has settings for. */
export const SERVER_KEYS = [
  "corpus.paths",
  "corpus.reference",
  "aliases",
  "hover.abstract_chars",
  "diagnostics.unresolved.links",
  "diagnostics.unresolved.keys",
  "diagnostics.unresolved.clusters",
  "diagnostics.corpus",
  "diagnostics.verify",
  "diagnostics.severity.unresolved",
  "diagnostics.severity.ambiguous",
  "diagnostics.severity.retracted",
  "diagnostics.severity.literature_note",
  "inlay_hints",
  "references.style",
  "bibliography.key",
  "literature_notes.folder",
  "literature_notes.name",
  "literature_notes.template",
] as const;

/** The setting for a key of ibid.toml: the editor makes readable labels of capitals, not of low lines. */
export function settingOf(key: string): string {
  return key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** The part of the editor's `WorkspaceConfiguration` that is needed here. */
export interface Configuration {
  get(key: string): unknown;
  inspect(key: string): Partial<Record<ValueScope, unknown>> | undefined;
}

type ValueScope =
  | "globalValue"
  | "workspaceValue"
  | "workspaceFolderValue"
  | "globalLanguageValue"
  | "workspaceLanguageValue"
  | "workspaceFolderLanguageValue";

const SCOPES: readonly ValueScope[] = [
  "globalValue",
  "workspaceValue",
  "workspaceFolderValue",
  "globalLanguageValue",
  "workspaceLanguageValue",
  "workspaceFolderLanguageValue",
];

/** A tree of settings, shaped like ibid.toml. */
export interface SettingsTree {
  [key: string]: unknown;
}

/**
 * The settings that the user made, and no others: a default that is sent would override the user's ibid.toml.
 *
 * @param configuration the editor's configuration of the section `ibid`
 */
export function settingsMadeByUser(configuration: Configuration): SettingsTree {
  const tree: SettingsTree = {};
  for (const key of SERVER_KEYS) {
    const setting = settingOf(key);
    if (isMadeByUser(configuration, setting)) {
      put(tree, key.split("."), configuration.get(setting));
    }
  }
  return tree;
}

/**
 * What the server gets: the user's settings, and whether the user trusts the workspace. That is the editor's own word: no
 * setting says so, since a workspace may bring settings along.
 */
export function settingsForServer(configuration: Configuration, isTrusted: boolean): SettingsTree {
  return { ...settingsMadeByUser(configuration), workspaceTrust: isTrusted };
}

/**
 * The answer to the server's question for a section, or undefined where the section is none of ibid's.
 *
 * @param section the section as the server names it: `ibid`, or one below it such as `ibid.hover`
 * @param isTrusted whether the user trusts the workspace
 */
export function answerForSection(
  section: string | undefined,
  configuration: () => Configuration,
  isTrusted: boolean,
): { readonly value: unknown } | undefined {
  const [root, ...below] = (section ?? "").split(".");
  if (root !== "ibid") {
    return undefined;
  }
  let value: unknown = settingsForServer(configuration(), isTrusted);
  for (const key of below) {
    value = isTree(value) ? value[key] : undefined;
  }
  return { value: value ?? null };
}

function isMadeByUser(configuration: Configuration, key: string): boolean {
  const places = configuration.inspect(key);
  return places !== undefined && SCOPES.some((scope) => places[scope] !== undefined);
}

function put(tree: SettingsTree, keys: readonly string[], value: unknown): void {
  const [first, ...rest] = keys;
  if (first === undefined) {
    return;
  }
  if (rest.length === 0) {
    tree[first] = value;
    return;
  }
  const below = tree[first];
  const branch: SettingsTree = isTree(below) ? below : {};
  tree[first] = branch;
  put(branch, rest, value);
}

function isTree(value: unknown): value is SettingsTree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
