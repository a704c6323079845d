// Runs the server in $IBID_BIN and holds its answers back for 600 ms, as on a slow machine or connection.
import { spawn } from "node:child_process";

const MILLISECONDS = 600;
const server = spawn(process.env.IBID_BIN, process.argv.slice(2), { stdio: ["inherit", "pipe", "inherit"] });
server.stdout.on("data", (bytes) => setTimeout(() => process.stdout.write(bytes), MILLISECONDS));
server.on("exit", (code) => setTimeout(() => process.exit(code ?? 1), MILLISECONDS));
for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => server.kill(signal));
