/**
 * What to say when the server and the extension are of different releases; undefined when they go together.
 *
 * Only the first two numbers count: a patch release changes nothing between the two.
 */
export function versionDrift(extension: string, server: string | undefined): string | undefined {
  if (server === undefined || release(server) === release(extension)) {
    return undefined;
  }
  return (
    `The server is version ${server}, the extension is version ${extension}. ` +
    "They may not know all of each other's features: update the older one."
  );
}

function release(version: string): string {
  return version.replace(/^v/, "").split(".").slice(0, 2).join(".");
}
