import type { StaticFeature } from "vscode-languageclient/node";

/** Tells the server what it cannot know from the protocol's capabilities: how this editor completes, and that it shows the number of papers. */
export const completionCapabilities: StaticFeature = {
  fillClientCapabilities: (capabilities) => {
    const others = capabilities.experimental as object | undefined;
    // At a new word the editor asks again only where a trigger character stands; and it replaces text on both sides of the
    // cursor as one.
    capabilities.experimental = { ...others, ibid: { asksAtTriggers: true, replacesBehindCursor: true, status: true } };
  },
  initialize: () => undefined,
  getState: () => ({ kind: "static" }),
  clear: () => undefined,
};
