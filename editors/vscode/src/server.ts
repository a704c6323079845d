import * as vscode from "vscode";
import { ErrorCodes, LSPErrorCodes, ResponseError, type LanguageClient } from "vscode-languageclient/node";
import type { Acceptance } from "./accept";
import { createClient, sendSettings } from "./client";
import { askVersion, findProgram, tellDrift, tellMissing } from "./program";
import { STATUS, type LibraryStatus } from "./protocol";
import { Refusal } from "./refusal";
import type { Status } from "./status";
import type { SuggestAgain } from "./suggest";
import { notIbid, versionDrift, versionOfIbid } from "./version";

const NEVER_CANCELLED = new vscode.CancellationTokenSource().token;

/** The server process of this window, and the client that talks to it. */
export class Server implements vscode.Disposable {
  private client: LanguageClient | undefined;
  private toldDrift = false;
  // Starting and stopping take time; each waits for the one before.
  private pending: Promise<void> = Promise.resolve();
  private readonly changed = new vscode.EventEmitter<void>();

  /** Fires when the server has started or has finished some work, so that it may know other papers than before. */
  readonly onDidChange = this.changed.event;
  private readonly counted = new vscode.EventEmitter<LibraryStatus>();

  /** Fires when the server has said how many papers there are. */
  readonly onDidCount = this.counted.event;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly log: vscode.LogOutputChannel,
    private readonly status: Status,
    private readonly suggestAgain: SuggestAgain,
    private readonly acceptance: Acceptance,
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

  dispose(): void {
    this.changed.dispose();
    this.counted.dispose();
  }

  async onSettingsChanged(change: vscode.ConfigurationChangeEvent): Promise<void> {
    if (change.affectsConfiguration("ibid.server")) {
      await this.restart();
    } else if (change.affectsConfiguration("ibid") && this.client?.isRunning() === true) {
      await sendSettings(this.client);
    }
  }

  /** To be called when the user has come to trust the workspace. */
  async onTrustGranted(): Promise<void> {
    // Where the workspace has settings of its own for the server's path, the editor tells of them beside this.
    if (this.client?.isRunning() === true) {
      await sendSettings(this.client);
    }
  }

  /**
   * Asks the server.
   *
   * @throws Refusal where the server does not run, does not know the question or cannot answer it
   * @throws vscode.CancellationError where the question was withdrawn
   */
  async ask<T>(method: string, params: object, token = NEVER_CANCELLED): Promise<T> {
    const client = await this.running();
    try {
      return await client.sendRequest<T>(method, params, token);
    } catch (error) {
      throw this.explained(error, method, client);
    }
  }

  /** Has the server run one of its commands. Throws as `ask` does. */
  async execute<T>(command: string, argument: object): Promise<T> {
    return this.ask<T>("workspace/executeCommand", { command, arguments: [argument] });
  }

  /** The client of the running server. Throws a Refusal where none runs. */
  async running(): Promise<LanguageClient> {
    await this.pending;
    if (this.client?.isRunning() !== true) {
      throw new Refusal("The server is not running; “ibid: Show log” says why.");
    }
    return this.client;
  }

  private explained(error: unknown, method: string, client: LanguageClient): Error {
    if (!(error instanceof ResponseError)) {
      return error instanceof Error ? error : new Error(String(error));
    }
    const known: unknown = error.code;
    if (known === ErrorCodes.MethodNotFound) {
      const version = client.initializeResult?.serverInfo?.version ?? "of an unknown version";
      return new Refusal(`The server (${version}) does not know “${method}”. Update the program ibid.`);
    }
    if (known === LSPErrorCodes.RequestCancelled || known === LSPErrorCodes.ContentModified) {
      return new vscode.CancellationError();
    }
    return new Refusal(error.message);
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
    const answer = await askVersion(program.path);
    if (versionOfIbid(answer) === undefined) {
      const message = notIbid(program.path, answer);
      this.log.error(message);
      this.status.showProblem("another program");
      void tellMissing(this.context, message);
      return;
    }
    this.client = createClient(program.path, {
      log: this.log,
      showWork: (work) => {
        this.status.showWork(work);
        if (work === undefined) {
          this.changed.fire();
        }
      },
      suggestAgain: this.suggestAgain,
      acceptance: this.acceptance,
    });
    this.client.onNotification(STATUS, (status: LibraryStatus) => {
      this.status.showPapers(status);
      this.counted.fire(status);
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
    this.changed.fire();
    const manifest = this.context.extension.packageJSON as { version: string };
    const drift = versionDrift(manifest.version, version);
    if (drift !== undefined && !this.toldDrift) {
      this.toldDrift = true;
      this.log.warn(drift);
      void tellDrift(this.context, drift);
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
