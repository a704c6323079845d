import * as vscode from "vscode";
import {
  LSPErrorCodes,
  PrepareRenameRequest,
  Range,
  ResponseError,
  type LanguageClient,
  type Middleware,
} from "vscode-languageclient/node";

// The box opens after the answer that it waits for.
const BOX_OPENS_WITHIN_MILLISECONDS = [0, 50, 150, 400];

/**
 * Renaming where a refusal of the server ends it.
 *
 * The editor passes over a provider that rejects, and asks the next one: its own Markdown takes the inner brackets of a
 * citation for a link and renames them, in one note only. So a refusal is shown here, and answered with an edit in which
 * nothing is. Where the server says that nothing of its own is there, others are asked.
 */
export function renaming(client: () => LanguageClient): Middleware {
  return {
    prepareRename: async (document, position, token) => {
      const params = client().code2ProtocolConverter.asTextDocumentPositionParams(document, position);
      try {
        const place = await client().sendRequest(PrepareRenameRequest.type, params, token);
        if (place === null || !("range" in place || Range.is(place))) {
          return await Promise.reject(new Error("ibid renames citations and citation keys."));
        }
        const converter = client().protocol2CodeConverter;
        return "range" in place
          ? { range: converter.asRange(place.range), placeholder: place.placeholder }
          : converter.asRange(place);
      } catch (error) {
        if (!isRefusal(error)) {
          throw error;
        }
        showRefusal(error);
        closeBox();
        const range = document.getWordRangeAtPosition(position) ?? new vscode.Range(position, position);
        return { range, placeholder: document.getText(range) };
      }
    },
    provideRenameEdits: async (document, position, newName, token, next) => {
      try {
        return await next(document, position, newName, token);
      } catch (error) {
        if (!isRefusal(error)) {
          throw error;
        }
        showRefusal(error);
        return new vscode.WorkspaceEdit();
      }
    },
  };
}

function isRefusal(error: unknown): error is Error {
  const code: unknown = error instanceof ResponseError ? error.code : undefined;
  return code === LSPErrorCodes.RequestFailed;
}

function showRefusal(refusal: Error): void {
  void vscode.window.showWarningMessage(refusal.message);
}

function closeBox(): void {
  for (const milliseconds of BOX_OPENS_WITHIN_MILLISECONDS) {
    setTimeout(() => void vscode.commands.executeCommand("cancelRenameInput"), milliseconds);
  }
}
