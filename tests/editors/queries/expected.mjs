// What the server ranks first for every query: a list of [query, citation] as JSON.
//   IBID_BIN=… node expected.mjs WORKSPACE QUERIES
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";

const [workspace, queriesFile] = process.argv.slice(2);
const queries = readFileSync(queriesFile, "utf8").trimEnd().split("\n");
const server = spawn(process.env.IBID_BIN, ["lsp"], { cwd: workspace, stdio: ["pipe", "pipe", "inherit"] });
const waiting = new Map();
let received = Buffer.alloc(0);
let number = 0;

function send(message) {
  const text = JSON.stringify({ jsonrpc: "2.0", ...message });
  server.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
}

function ask(method, params) {
  const id = ++number;
  send({ id, method, params });
  return new Promise((resolve) => waiting.set(id, resolve));
}

server.stdout.on("data", (bytes) => {
  received = Buffer.concat([received, bytes]);
  for (;;) {
    const end = received.indexOf("\r\n\r\n");
    const length = Number(/Content-Length: (\d+)/i.exec(received.subarray(0, Math.max(end, 0)).toString())?.[1]);
    if (end < 0 || received.length < end + 4 + length) return;
    const message = JSON.parse(received.subarray(end + 4, end + 4 + length).toString());
    received = received.subarray(end + 4 + length);
    if (message.method !== undefined && message.id !== undefined) {
      send({ id: message.id, result: null });
    } else if (message.id !== undefined) {
      waiting.get(message.id)(message.result);
    }
  }
});

const rootUri = pathToFileURL(workspace).toString();
await ask("initialize", { processId: process.pid, rootUri, capabilities: {} });
send({ method: "initialized", params: {} });

async function first(query, version) {
  const uri = `untitled:query-${version}`;
  const text = `[[${query}`;
  send({ method: "textDocument/didOpen", params: { textDocument: { uri, languageId: "markdown", version, text } } });
  const position = { line: 0, character: text.length };
  const answer = await ask("textDocument/completion", { textDocument: { uri }, position });
  const edit = answer?.items[0]?.textEdit;
  return edit === undefined ? undefined : text.slice(0, edit.range.start.character) + edit.newText;
}

// The first answers may come before the papers are read.
for (let tries = 1; (await first(queries[0], tries)) === undefined; tries++) {
  if (tries > 200) throw new Error("the server finds no papers");
  await sleep(100);
}
const expected = [];
for (const [i, query] of queries.entries()) {
  expected.push([query, (await first(query, 1000 + i)) ?? null]);
}
console.log(JSON.stringify(expected, null, 1));
server.kill();
