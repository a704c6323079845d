#!/usr/bin/env node
// Starts the program ibid of the package for this platform, which npm has installed beside this one.
"use strict";

const { spawn } = require("node:child_process");
const packages = require("./packages.json");

/** What packages.json calls this platform. */
function platform() {
  const name = `${process.platform}-${process.arch}`;
  if (process.platform !== "linux") {
    return name;
  }
  const usesGlibc = process.report.getReport().header.glibcVersionRuntime !== undefined;
  return `${name}-${usesGlibc ? "gnu" : "musl"}`;
}

function findProgram() {
  const name = packages[platform()];
  if (name === undefined) {
    fail(`there is no program for ${platform()}; build it from source with cargo`);
  }
  try {
    return require.resolve(`${name}/bin/${process.platform === "win32" ? "ibid.exe" : "ibid"}`);
  } catch {
    fail(`the package ${name} is not installed; install again without --omit=optional`);
  }
}

function fail(message) {
  process.stderr.write(`ibid: ${message}\n`);
  process.exit(2);
}

const child = spawn(findProgram(), process.argv.slice(2), { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => child.kill(signal));
}
child.on("error", (error) => fail(`the program cannot be started: ${error.message}`));
child.on("exit", (status, signal) => {
  if (signal === null) {
    process.exit(status);
  }
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
