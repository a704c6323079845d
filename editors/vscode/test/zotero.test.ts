import assert from "node:assert/strict";
import test from "node:test";
import { isInZotero, withZoteroLinks } from "../src/zotero";

test("links to Zotero on a card become links to the command, and no others do", () => {
  const address = "zotero://open-pdf/library/items/ABCD2345?page=12&annotation=AAAA2345";
  const command = "command:ibid.openInZotero?%5B%22zotero%3A%2F%2Fopen-pdf%2Flibrary%2Fitems%2FABCD2345%3Fpage%3D12%26annotation%3DAAAA2345%22%5D";
  for (const [card, expected] of [
    [`“It swims” [p. 12](${address})`, `“It swims” [p. 12](${command})`],
    [`[p. 12](<${address}>)`, `[p. 12](${command})`],
    ["[DOI](https://doi.org/10.1/x) · [x](zotero://debug/) · [y](command:ibid.stop)", undefined],
    [`\\[p. 12\\](${address.replace("items", "it(ems")})`, undefined],
    [address, undefined],
  ] as const) {
    assert.equal(withZoteroLinks(card), expected ?? card);
  }
});

test("the command opens what Zotero shows, and nothing else", () => {
  assert.ok(["zotero://select/library/items/ABCD2345", "zotero://open-pdf/groups/7/items/PDFD2345?page=4"].every(isInZotero));
  for (const other of ["https://example.org/", "zotero://attachment/x", "zotero://select/a b", "zotero://select/", 3, undefined]) {
    assert.ok(!isInZotero(other), String(other));
  }
});
