import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";
import { createClient, sendSettings } from "./client";
import { DoctorReports } from "./doctor";
import { findProgram, tellMissing } from "./program";
import { createStatus, type Status } from "./status";
import { SuggestAgain } from "./suggest";
import { versionDrift } from "./version";

let server: Server | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const log = vscode.window.createOutputChannel("ibid", { log: true });
  const status = createStatus();
  const doctor = new DoctorReports();
  const suggestAgain = new SuggestAgain();
  const running = new Server(context, log, status, suggestAgain);
  server = running;
  context.subscriptions.push(
    log,
    status,
    doctor,
    suggestAgain,
    vscode.commands.registerCommand("ibid.restartServer", () => running.restart()),
    vscode.commands.registerCommand("ibid.showLog", () => {
      log.show();
    }),
    vscode.commands.registerCommand("ibid.doctor", async () => {
      const program = findProgram(context);
      await (program.kind === "found" ? doctor.run(program.path) : tellMissing(context, program.message));
    }),
    vscode.workspace.onDidChangeConfiguration((change) => running.onSettingsChanged(change)),
  );
  await running.restart();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}

/** The server process of this window, and the client that talks to it. */
class Server {
  private client: LanguageClient | undefined;
  private toldDrift = false;
  // Starting and stopping take time; each waits for the one before.
  private pending: Promise<void> = Promise.resolve();

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly log: vscode.LogOutputChannel,
    private readonly status: Status,
    private readonly suggestAgain: SuggestAgain,
  ) {}

  restart(): Promise<void> {
    return this.queue(async () => {
      await this.stopClient();
      await this.startClient();
    });
  }

  stop(): Promise<void> {
    return this.queue(() => this.stopClient());
  }

  async onSettingsChanged(change: vscode.ConfigurationChangeEvent): Promise<void> {
    if (change.affectsConfiguration("ibid.server")) {
      await this.restart();
    } else if (change.affectsConfiguration("ibid") && this.client?.isRunning() === true) {
      await sendSettings(this.client);
    }
  }

  private queue(job: () => Promise<void>): Promise<void> {
    const result = this.pending.then(job);
    this.pending = result.catch((error: unknown) => {
      this.log.error(String(error));
    });
    return this.pending;
  }

  private async startClient(): Promise<void> {
    const program = findProgram(this.context);
    if (program.kind === "missing") {
      this.log.error(program.message);
      this.status.showProblem("not installed");
      void tellMissing(this.context, program.message);
      return;
    }
    this.log.info(`Starting ${program.path} (${program.origin})`);
    this.status.showWork("starting");
    this.client = createClient(program.path, {
      log: this.log,
      showWork: (work) => {
        this.status.showWork(work);
      },
      onCompletionAsked: (document) => {
        this.suggestAgain.onAsked(document);
      },
      onCompletionAnswered: (items) => {
        this.suggestAgain.onAnswered(items);
      },
    });
    try {
      await this.client.start();
      this.onStarted(this.client);
    } catch (error) {
      this.status.showProblem("did not start");
      this.log.error(`The server did not start: ${String(error)}`);
    }
  }

  private onStarted(client: LanguageClient): void {
    const version = client.initializeResult?.serverInfo?.version;
    this.status.showReady(version);
    const manifest = this.context.extension.packageJSON as { version: string };
    const drift = versionDrift(manifest.version, version);
    if (drift !== undefined && !this.toldDrift) {
      this.toldDrift = true;
      this.log.warn(drift);
    }
  }

  private async stopClient(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client === undefined) {
      return;
    }
    try {
      // The client's log is the extension's own channel, which outlives it.
      await client.stop();
    } catch (error) {
      this.log.warn(`The server did not stop as asked: ${String(error)}`);
    }
  }
}
