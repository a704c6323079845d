// Runs the server in $IBID_BIN and holds its answers back for 600 ms, as on a slow machine or connection. The file
// $IBID_SLOW_OPEN, where one is named, holds how many questions are not answered yet.
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";

const MILLISECONDS = 600;
const open = new Set();
const isServer = process.argv.includes("lsp");
const stdio = isServer ? ["pipe", "pipe", "inherit"] : "inherit";
const server = spawn(process.env.IBID_BIN, process.argv.slice(2), { stdio });

function tell() {
  if (process.env.IBID_SLOW_OPEN) writeFileSync(process.env.IBID_SLOW_OPEN, String(open.size));
}

// Calls back with every message of a stream.
function messages(stream, each) {
  let received = Buffer.alloc(0);
  stream.on("data", (bytes) => {
    received = Buffer.concat([received, bytes]);
    for (;;) {
      const end = received.indexOf("\r\n\r\n");
      const length = Number(/Content-Length: (\d+)/i.exec(received.subarray(0, Math.max(end, 0)).toString())?.[1]);
      if (end < 0 || received.length < end + 4 + length) return;
      const whole = received.subarray(0, end + 4 + length);
      received = received.subarray(whole.length);
      each(whole, JSON.parse(whole.subarray(end + 4).toString()));
    }
  });
}

if (isServer) {
  tell();
  messages(process.stdin, (bytes, { id, method }) => {
    if (id !== undefined && method !== undefined) open.add(id);
    tell();
    server.stdin.write(bytes);
  });
  process.stdin.on("end", () => server.stdin.end());
  messages(server.stdout, (bytes, { id, method }) =>
    setTimeout(() => {
      process.stdout.write(bytes);
      if (method === undefined) open.delete(id);
      tell();
    }, MILLISECONDS),
  );
}
server.on("exit", (code) => setTimeout(() => process.exit(code ?? 1), MILLISECONDS));
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => server.kill(signal));
