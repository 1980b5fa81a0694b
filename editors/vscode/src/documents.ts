/** The virtual read-only documents that show what a config resolves to. */

import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

import { SCHEME, type Answer, comment, configOf, documentText, resolvedParts } from "./resolved";

/** Asks the server, and forgets the answer when it says that it has changed. */
export class ResolvedDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  private readonly registration: vscode.Disposable;

  readonly onDidChange = this.changes.event;

  constructor(private readonly client: () => LanguageClient | undefined) {
    this.registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  /** Listens to a client that has been started. */
  follow(client: LanguageClient): void {
    client.onNotification("mmscaffold/resolvedChanged", (params: { uri: string }) => {
      this.refresh((config) => config === params.uri);
    });
    this.refresh(() => true);
  }

  /** Opens the document of a config beside it; the cursor stays where it is. */
  async openBeside(config: vscode.Uri): Promise<void> {
    const parts = resolvedParts(config.path, config.toString());
    const document = await vscode.workspace.openTextDocument(vscode.Uri.from(parts));
    await vscode.window.showTextDocument(document, {
      viewColumn: vscode.ViewColumn.Beside,
      preserveFocus: true,
      preview: true,
    });
  }

  async provideTextDocumentContent(
    uri: vscode.Uri,
    token: vscode.CancellationToken,
  ): Promise<string> {
    const config = configOf(uri);
    const client = this.client();
    if (config === undefined || client === undefined) {
      return comment("The mmscaffold language server does not run.");
    }
    try {
      const answer = await client.sendRequest<Answer>(
        "mmscaffold/resolved",
        { uri: config },
        token,
      );
      return documentText(answer);
    } catch (error) {
      return comment(error instanceof Error ? error.message : String(error));
    }
  }

  dispose(): void {
    this.registration.dispose();
    this.changes.dispose();
  }

  private refresh(concerns: (config: string) => boolean): void {
    for (const { uri } of vscode.workspace.textDocuments) {
      const config = configOf(uri);
      if (config !== undefined && concerns(config)) {
        this.changes.fire(uri);
      }
    }
  }
}
