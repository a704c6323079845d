import assert from "node:assert/strict";
import test from "node:test";
import { isOneKey, openCitation } from "../src/citation";

test("an open citation is recognised, with what was typed of it", () => {
  const queries = {
    "[[": "",
    "see [[Orc": "Orc",
    "[[a]] and [[prog learn": "prog learn",
    "🦀 [[Orc": "Orc",
    "[@smi": "smi",
    "[@a; @b": "b",
    "[-@k.x/y": "k.x/y",
    "@": "",
    "see @müller2020": "müller2020",
  };
  for (const [before, query] of Object.entries(queries)) {
    assert.equal(openCitation(before), query, before);
  }
});

test("elsewhere no citation is open", () => {
  for (const before of ["", "text", "[", "[[Orca]]", "[[Orca]", "me@example.org", "@key, p"]) {
    assert.equal(openCitation(before), undefined, before);
  }
});

test("typing is told from accepting a suggestion or pasting", () => {
  assert.ok(isOneKey({ rangeLength: 0, text: "x" }));
  assert.ok(isOneKey({ rangeLength: 0, text: "🦀" }));
  assert.ok(isOneKey({ rangeLength: 1, text: "" }));
  assert.ok(!isOneKey({ rangeLength: 3, text: "Orca" }));
  assert.ok(!isOneKey({ rangeLength: 0, text: "Orca]]" }));
});
