/** The client of one server, as vscode-languageclient makes it. */

import * as vscode from "vscode";
import {
  CloseAction,
  DidChangeConfigurationNotification,
  LanguageClient,
  type CloseHandlerResult,
  type LanguageClientOptions,
} from "vscode-languageclient/node";

import { LANGUAGES } from "./interest";
import type { Found } from "./locate";
import type { RulePages } from "./pages";

/** How often a server that ends by itself is started again, before somebody must ask for it. */
const RESTARTS = 3;

/**
 * Makes a client.
 *
 * @param found the server to start
 * @param folder where it is started: not in the workspace, from which Python would import
 * @param output where it reports
 * @param pages where it explains rules
 * @param died is called where the server ends and is not started again
 */
export function makeClient(
  found: Found,
  folder: string,
  output: vscode.LogOutputChannel,
  pages: RulePages,
  died: (reason: string) => void,
): LanguageClient {
  const options: LanguageClientOptions = {
    documentSelector: LANGUAGES.map((language) => ({ scheme: "file", language })),
    initializationOptions: settings(),
    diagnosticCollectionName: "mmscaffold",
    outputChannel: output,
    middleware: { executeCommand: (command, given, next) => pages.run(command, given, next) },
    errorHandler: {
      error: (error, message, count) => usual.error(error, message, count),
      closed: async (): Promise<CloseHandlerResult> => {
        const result = await usual.closed();
        if (result.action === CloseAction.DoNotRestart) {
          died("The server ended again and again; the output of mmscaffold says why.");
        }
        return { ...result, handled: true };
      },
    },
  };
  const executable = { command: found.command, args: found.args, options: { cwd: folder } };
  const client = new LanguageClient("mmscaffold", "mmscaffold", executable, options);
  client.registerFeature(pages.capability);
  const usual = client.createDefaultErrorHandler(RESTARTS);
  return client;
}

/** Tells the server what the user set; a server that does not run reads it when it starts. */
export async function tellSettings(client: LanguageClient | undefined): Promise<void> {
  await client?.sendNotification(DidChangeConfigurationNotification.type, {
    settings: { mmscaffold: settings() },
  });
}

function settings(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration("mmscaffold");
}
