/** Links to Zotero on cards. Free of the editor's API, so that it can be tested by itself. */

/** The command that follows such a link: the editor shows links of a scheme that it does not know as plain text. */
export const OPEN_IN_ZOTERO = "ibid.openInZotero";

const LINK = /\]\(<?(zotero:\/\/[^\s()<>]+)>?\)/g;
const ADDRESS = /^zotero:\/\/(select|open-pdf)\/[\w/?&=.%-]+$/;

/** A card whose links to Zotero are links to the command. */
export function withZoteroLinks(markdown: string): string {
  return markdown.replace(LINK, (link, address: string) =>
    isInZotero(address) ? `](command:${OPEN_IN_ZOTERO}?${encodeURIComponent(JSON.stringify([address]))})` : link,
  );
}

/** Whether an address shows an item or opens a file in Zotero: what stands in a corpus is not to be trusted further. */
export function isInZotero(address: unknown): address is string {
  return typeof address === "string" && ADDRESS.test(address);
}
