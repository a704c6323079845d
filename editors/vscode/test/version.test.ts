import assert from "node:assert/strict";
import test from "node:test";
import { versionDrift } from "../src/version";

test("a patch release is no drift", () => {
  assert.equal(versionDrift("0.3.1", "0.3.9"), undefined);
  assert.equal(versionDrift("0.3.1", "v0.3.0-rc.1"), undefined);
});

test("another release is named with both versions", () => {
  const message = versionDrift("0.3.1", "0.4.0") ?? "";
  assert.match(message, /server is version 0\.4\.0.*extension is version 0\.3\.1/);
});

test("a server that does not say its version is let be", () => {
  assert.equal(versionDrift("0.3.1", undefined), undefined);
});
