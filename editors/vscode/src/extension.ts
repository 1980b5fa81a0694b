/** The extension: VS Code on one side, `mmscaffold lsp` on the other. */

import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

import { makeClient, tellSettings } from "./client";
import { registerCommands } from "./commands";
import { ResolvedDocuments } from "./documents";
import { installLine, kindOfShell } from "./install";
import { LANGUAGES, concernsMmengine } from "./interest";
import type { Lacking } from "./locate";
import { machineIn } from "./machine";
import { RulePages } from "./pages";
import { chosenPython, onOtherPython } from "./python";
import { shown, type Shown, type State } from "./status";
import { Supervisor } from "./supervisor";

/** Finds our settings among all. */
const SETTINGS = "@ext:mmscaffold.mmscaffold";

let supervisor: Supervisor | undefined;

/** Called by VS Code when a file of one of our languages is opened, or a command is called. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const folder = context.extensionPath;
  const output = vscode.window.createOutputChannel("mmscaffold", { log: true });
  const item = statusItem();
  let running: LanguageClient | undefined;
  const documents = new ResolvedDocuments(() => running);
  const pages = new RulePages();
  const server = new Supervisor({
    enabled: () => settings().get("enable", true),
    places: async () => ({
      setting: settings().get("path", "").trim(),
      python: await chosenPython(vscode.workspace.workspaceFolders?.[0]?.uri),
    }),
    machine: machineIn(folder),
    client: (found, died) => {
      const client = makeClient(found, folder, output, pages, died);
      return {
        start: async (): Promise<void> => {
          await client.start();
          running = client;
          documents.follow(client);
        },
        stop: async (): Promise<void> => {
          running = undefined;
          await client.dispose();
        },
      };
    },
    show: (state: State) => {
      output.info(shown(state).detail);
      display(item, shown(state));
      void vscode.commands.executeCommand("setContext", "mmscaffold.running", state.kind === "running");
    },
    offer: (lacking) => void offer(lacking),
  });
  supervisor = server;

  const wake = (document: vscode.TextDocument): void => {
    if (document.uri.scheme === "file" && concernsMmengine(document.languageId, document.getText())) {
      void server.wake();
    }
  };
  context.subscriptions.push(
    output,
    item,
    documents,
    pages,
    vscode.workspace.onDidOpenTextDocument(wake),
    vscode.workspace.onDidSaveTextDocument(wake),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (["enable", "path"].some((name) => change.affectsConfiguration(`mmscaffold.${name}`))) {
        void server.changed();
      } else if (change.affectsConfiguration("mmscaffold")) {
        void tellSettings(running);
      }
    }),
    vscode.commands.registerCommand("mmscaffold.restart", () => server.restart()),
    vscode.commands.registerCommand("mmscaffold.openSettings", () =>
      vscode.commands.executeCommand("workbench.action.openSettings", SETTINGS),
    ),
    vscode.commands.registerCommand("mmscaffold.showOutput", () => {
      output.show();
    }),
    vscode.commands.registerCommand("mmscaffold.install", async () => {
      const python = await chosenPython(vscode.workspace.workspaceFolders?.[0]?.uri);
      if (python === undefined) {
        await vscode.window.showErrorMessage(
          "Choose a Python environment first, or set mmscaffold.path to an mmscaffold that you have installed.",
        );
      } else {
        install(python);
      }
    }),
    ...registerCommands(() => running, documents),
  );
  vscode.workspace.textDocuments.forEach(wake);
  context.subscriptions.push(await onOtherPython(() => void server.changed()));
}

/** Called by VS Code before it closes. */
export async function deactivate(): Promise<void> {
  await supervisor?.stop();
}

function settings(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration("mmscaffold");
}

function statusItem(): vscode.LanguageStatusItem {
  const item = vscode.languages.createLanguageStatusItem(
    "mmscaffold.status",
    LANGUAGES.map((language) => ({ language })),
  );
  item.name = "mmscaffold";
  return item;
}

function display(item: vscode.LanguageStatusItem, { text, detail, severity, busy, action }: Shown): void {
  const severities = {
    information: vscode.LanguageStatusSeverity.Information,
    warning: vscode.LanguageStatusSeverity.Warning,
    error: vscode.LanguageStatusSeverity.Error,
  };
  Object.assign(item, { text, detail, busy, severity: severities[severity], command: action });
}

/** Offers to install what lacks; whoever declines can still click on the status item. */
async function offer({ python, reason }: Lacking): Promise<void> {
  const [now, choose] = ["Install", "Set its path"];
  const answers = python === undefined ? [choose] : [now, choose];
  const answer = await vscode.window.showInformationMessage(
    `${reason} It shows what configs of mmengine resolve to, and finds faults in them.`,
    ...answers,
  );
  if (answer === now && python !== undefined) {
    install(python);
  } else if (answer === choose) {
    await vscode.commands.executeCommand("mmscaffold.openSettings");
  }
}

/** Installs mmscaffold in a terminal, where people see what happens and may stop it. */
function install(python: string): void {
  const terminal = vscode.window.createTerminal("Install mmscaffold");
  terminal.show();
  terminal.sendText(installLine(python, kindOfShell(vscode.env.shell)));
  void vscode.window
    .showInformationMessage("When the terminal is done, start the server.", "Start")
    .then((answer) => answer && vscode.commands.executeCommand("mmscaffold.restart"));
}
