import * as vscode from "vscode";
import {
  LanguageClient,
  type ConfigurationParams,
  type LanguageClientOptions,
  type Middleware,
} from "vscode-languageclient/node";
import type { Acceptance } from "./accept";
import { showLiteratureNote } from "./actions";
import { cardText } from "./cards";
import { completionCapabilities } from "./capabilities";
import { isNote, SERVED_DOCUMENTS } from "./languages";
import { SERVER_COMMAND, type LiteratureNote } from "./protocol";
import { renaming } from "./rename";
import { answerForSection, settingsForServer, type SettingsTree } from "./settings";
import type { SuggestAgain } from "./suggest";

/** What is shown of the server's work: called with a text while it works, and with undefined when it is ready. */
export type ShowWork = (work: string | undefined) => void;

/** Where the client reports what goes on. */
export interface Listeners {
  readonly log: vscode.LogOutputChannel;
  readonly showWork: ShowWork;
  readonly suggestAgain: SuggestAgain;
  readonly acceptance: Acceptance;
}

/** Makes the client of one server process; it is not started yet. */
export function createClient(program: string, listeners: Listeners): LanguageClient {
  const further = vscode.workspace.getConfiguration("ibid").get<string[]>("server.args", []);
  const options: LanguageClientOptions = {
    documentSelector: SERVED_DOCUMENTS,
    outputChannel: listeners.log,
    initializationOptions: () => currentSettings(),
    middleware: { ...middleware(listeners), ...renaming(() => client) },
  };
  const client = new LanguageClient("ibid", "ibid", { command: program, args: ["lsp", ...further] }, options);
  client.registerFeature(completionCapabilities);
  return client;
}

function currentSettings(): SettingsTree {
  return settingsForServer(vscode.workspace.getConfiguration("ibid"), vscode.workspace.isTrusted);
}

/** Tells the server that settings have changed, or the trust in the workspace, and to what. */
export async function sendSettings(client: LanguageClient): Promise<void> {
  const settings = { ibid: currentSettings() };
  await client.sendNotification("workspace/didChangeConfiguration", { settings });
}

function middleware({ showWork, suggestAgain, acceptance }: Listeners): Middleware {
  return {
    provideCompletionItem: async (document, position, context, token, next) => {
      // Corpus files are served too, but nothing is completed in them.
      if (!isNote(document)) {
        return [];
      }
      suggestAgain.onAsked(document);
      const question = acceptance.onAsked(document);
      const answer = await next(document, position, context, token);
      if (!token.isCancellationRequested) {
        const items = (Array.isArray(answer) ? answer : answer?.items) ?? [];
        suggestAgain.onAnswered(items.length);
        acceptance.onAnswered(question, items);
      }
      return answer;
    },
    provideHover: async (document, position, token, next) => {
      const hover = await next(document, position, token);
      if (hover) {
        hover.contents = hover.contents.map((part) => (part instanceof vscode.MarkdownString ? cardText(part.value) : part));
      }
      return hover;
    },
    resolveCompletionItem: (item, token, next) => {
      acceptance.onShown(item);
      return next(item, token);
    },
    // For code actions: the server writes the note, and the user wants to see it.
    executeCommand: async (command, args, next) => {
      const answer: unknown = await next(command, args);
      if (command === SERVER_COMMAND.createLiteratureNote) {
        await showLiteratureNote(answer as LiteratureNote | null);
      }
      return answer;
    },
    workspace: {
      configuration: async (params, token, next) => {
        const answers = params.items.map(answerItem);
        if (answers.every((item) => item !== undefined)) {
          return answers.map((item) => item.value);
        }
        const others = await next(params, token);
        return Array.isArray(others) ? others.map((value: unknown, i) => answers[i]?.value ?? value) : others;
      },
      // The client's own message would carry the defaults too; `sendSettings` takes its place.
      didChangeConfiguration: () => Promise.resolve(),
    },
    handleWorkDoneProgress: (token, params, next) => {
      const title = params.kind === "begin" ? params.title : undefined;
      showWork(params.kind === "end" ? undefined : (params.message ?? title ?? "working"));
      next(token, params);
    },
  };
}

function answerItem(item: ConfigurationParams["items"][number]): { readonly value: unknown } | undefined {
  const scope = item.scopeUri === undefined ? undefined : vscode.Uri.parse(item.scopeUri);
  const configuration = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration("ibid", scope);
  return answerForSection(item.section, configuration, vscode.workspace.isTrusted);
}
