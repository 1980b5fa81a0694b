/** The commands of the palette: each asks what it must know, and the server for an edit. */

import * as vscode from "vscode";
import { ExecuteCommandRequest, type LanguageClient } from "vscode-languageclient/node";

import type { ResolvedDocuments } from "./documents";
import { EXAMPLES, readCount, readLength } from "./length";

/** What the server is asked to do with a config. */
interface Asked {
  command: string;
  arguments: unknown[];
}

/** Asks what a command must know; `undefined` where somebody left the question. */
type Question = (config: string) => Promise<Asked | undefined>;

const QUESTIONS: Record<string, Question> = {
  "mmscaffold.editor.changeLength": async (config) => {
    const answer = await vscode.window.showInputBox({
      title: "Change the training length",
      prompt: `Trains for how long? ${EXAMPLES}`,
      validateInput: (text) => (readLength(text) === undefined ? `A length, ${EXAMPLES}.` : null),
    });
    const length = answer === undefined ? undefined : readLength(answer);
    return (
      length && { command: "mmscaffold.changeLength", arguments: [{ uri: config, ...length }] }
    );
  },
  "mmscaffold.editor.convertUnit": async (config) => {
    const unit = await vscode.window.showQuickPick(["iterations", "epochs"], {
      title: "Count the training in",
    });
    if (unit === undefined) {
      return undefined;
    }
    const answer = await vscode.window.showInputBox({
      title: `Count the training in ${unit}`,
      prompt: "How many iterations does an epoch have? (images / batch size / GPUs)",
      validateInput: (text) => (readCount(text) === undefined ? "A positive whole number." : null),
    });
    const itersPerEpoch = answer === undefined ? undefined : readCount(answer);
    return itersPerEpoch === undefined
      ? undefined
      : {
          command: "mmscaffold.convertUnit",
          arguments: [{ uri: config, unit, itersPerEpoch }],
        };
  },
  "mmscaffold.editor.migrate": (config) =>
    Promise.resolve({ command: "mmscaffold.migrate", arguments: [{ uri: config }] }),
  "mmscaffold.editor.upgrade": (config) =>
    Promise.resolve({ command: "mmscaffold.upgrade", arguments: [{ uri: config }] }),
};

/**
 * Registers the commands of the palette.
 *
 * @param client the client that runs now, if one does
 * @param documents where resolved configs are shown
 */
export function registerCommands(
  client: () => LanguageClient | undefined,
  documents: ResolvedDocuments,
): vscode.Disposable[] {
  const asking = Object.entries(QUESTIONS).map(([name, question]) =>
    vscode.commands.registerCommand(name, async () => {
      const [config, server] = [openConfig(), client()];
      if (config === undefined || server === undefined) {
        await tellWhatLacks(server);
        return;
      }
      const asked = await question(config.toString());
      if (asked !== undefined) {
        await change(server, asked);
      }
    }),
  );
  const resolved = vscode.commands.registerCommand("mmscaffold.editor.openResolved", async () => {
    const [config, server] = [openConfig(), client()];
    await (config === undefined || server === undefined
      ? tellWhatLacks(server)
      : documents.openBeside(config));
  });
  return [...asking, resolved];
}

function openConfig(): vscode.Uri | undefined {
  const uri = vscode.window.activeTextEditor?.document.uri;
  return uri?.scheme === "file" ? uri : undefined;
}

async function tellWhatLacks(server: LanguageClient | undefined): Promise<void> {
  if (server === undefined) {
    const answer = await vscode.window.showWarningMessage(
      "The mmscaffold language server does not run.",
      "Start",
    );
    if (answer !== undefined) {
      await vscode.commands.executeCommand("mmscaffold.restart");
    }
  } else {
    await vscode.window.showWarningMessage("Open a config first: this command works on a file.");
  }
}

/** Asks the server for an edit, and shows it before it is made; undo is the editor's. */
async function change(server: LanguageClient, asked: Asked): Promise<void> {
  try {
    await server.sendRequest(ExecuteCommandRequest.type, asked);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await vscode.window.showErrorMessage(reason);
  }
}
