/** What a program says of itself. Free of the editor's API, so that it can be tested by itself. */

/** The version in the answer to `--version`; undefined where the program that answers is not ibid. */
export function versionOfIbid(answer: string): string | undefined {
  return /^ibid v?(\d+\.\d+\.\d+\S*)/.exec(answer.trim())?.[1];
}

/** What to say of a program that is not ibid. */
export function notIbid(program: string, answer: string): string {
  const [line = ""] = answer.trim().split("\n");
  const said = line === "" ? "it does not say its version" : `asked for its version, it says “${line.slice(0, 80)}”`;
  return `“${program}” is not the program ibid: ${said}.`;
}

/**
 * What to say when the server and the extension are of different releases; undefined when they go together.
 *
 * Only the first two numbers count: a patch release changes nothing between the two.
 */
export function versionDrift(extension: string, server: string | undefined): string | undefined {
  if (server === undefined || release(server) === release(extension)) {
    return undefined;
  }
  const older = isOlder(server, extension) ? "Update the program" : "Update the extension";
  return `The program ibid is version ${server}, its extension is version ${extension}. ${older}, so that they know the same features.`;
}

function release(version: string): string {
  return numbers(version).slice(0, 2).join(".");
}

function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = numbers(version);
  const [otherMajor = 0, otherMinor = 0] = numbers(than);
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}

function numbers(version: string): number[] {
  return version.replace(/^v/, "").split(".").map((part) => Number.parseInt(part, 10));
}
