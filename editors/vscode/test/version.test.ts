import assert from "node:assert/strict";
import test from "node:test";
import { notIbid, versionDrift, versionOfIbid } from "../src/version";

test("a patch release is no drift", () => {
  assert.equal(versionDrift("0.3.1", "0.3.9"), undefined);
  assert.equal(versionDrift("0.3.1", "v0.3.0-rc.1"), undefined);
});

test("another release is named with both versions", () => {
  const message = versionDrift("0.3.1", "0.4.0") ?? "";
  assert.match(message, /ibid is version 0\.4\.0, its extension is version 0\.3\.1\. Update the extension/);
});

test("a server that does not say its version is let be", () => {
  assert.equal(versionDrift("0.3.1", undefined), undefined);
});

test("the older of the two is to be updated", () => {
  assert.match(versionDrift("0.10.0", "0.9.2") ?? "", /Update the program/);
  assert.match(versionDrift("0.9.0", "0.10.2") ?? "", /Update the extension/);
});

test("ibid is known by what it says of its version", () => {
  assert.equal(versionOfIbid("ibid 0.3.1\n"), "0.3.1");
  assert.equal(versionOfIbid("ibid 0.3.1 (abc1234, x86_64-unknown-linux-musl)"), "0.3.1");
  assert.equal(versionOfIbid("ls (GNU coreutils) 9.1\n"), undefined);
  assert.equal(versionOfIbid("ibidem 1.0.0"), undefined);
  assert.equal(versionOfIbid(""), undefined);
});

test("another program is named with what it says", () => {
  assert.match(notIbid("/bin/ls", "ls (GNU coreutils) 9.1\nCopyright"), /“\/bin\/ls” is not .* says “ls \(GNU coreutils\) 9\.1”/);
  assert.match(notIbid("/bin/cat", ""), /does not say its version/);
});
