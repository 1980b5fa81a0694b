/** The commands of the palette: each asks what it must know, and the server for an edit. */

import * as vscode from "vscode";
import { ExecuteCommandRequest, type LanguageClient } from "vscode-languageclient/node";

import type { ResolvedDocuments } from "./documents";
import { EXAMPLES, asArgument, readCount, readLength } from "./length";

/** What the server must be told beside the config; `undefined` where somebody left the question. */
type Question = () => Promise<object | undefined>;

/** A command of the palette, which the server carries out by another name. */
interface Asking {
  command: string;
  question: Question;
}

const nothing: Question = () => Promise.resolve({});

const ASKING: Record<string, Asking> = {
  "mmscaffold.editor.changeLength": {
    command: "mmscaffold.changeLength",
    question: async () => {
      const answer = await vscode.window.showInputBox({
        title: "Change the training length",
        prompt: `How long to train, ${EXAMPLES}`,
        validateInput: (text) => (readLength(text) === undefined ? `A length, ${EXAMPLES}.` : null),
      });
      const length = answer === undefined ? undefined : readLength(answer);
      return length && asArgument(length);
    },
  },
  "mmscaffold.editor.convertUnit": {
    command: "mmscaffold.convertUnit",
    question: async () => {
      const answer = await vscode.window.showInputBox({
        title: "Convert epochs to iterations, or back",
        prompt: "Iterations of one epoch (images / batch size / GPUs); empty where the config says it",
        validateInput: (text) =>
          text.trim() !== "" && readCount(text) === undefined ? "A positive whole number." : null,
      });
      if (answer === undefined) {
        return undefined;
      }
      const itersPerEpoch = readCount(answer);
      return itersPerEpoch === undefined ? {} : { itersPerEpoch };
    },
  },
  "mmscaffold.editor.migrate": { command: "mmscaffold.migrate", question: nothing },
  "mmscaffold.editor.upgrade": { command: "mmscaffold.upgrade", question: nothing },
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
  const asking = Object.entries(ASKING).map(([name, { command, question }]) =>
    vscode.commands.registerCommand(name, async () => {
      const [config, server] = [openConfig(), client()];
      if (config === undefined || server === undefined) {
        await tellWhatLacks(server);
        return;
      }
      const told = await question();
      if (told !== undefined) {
        await change(server, command, { uri: config.toString(), ...told });
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

/** Has the server make an edit, which VS Code shows before it is made; undo is the editor's. */
async function change(server: LanguageClient, command: string, told: object): Promise<void> {
  try {
    await server.sendRequest(ExecuteCommandRequest.type, { command, arguments: [told] });
  } catch {
    // The server has said why, in a message of its own.
  }
}
