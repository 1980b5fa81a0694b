/** The pages of rules, as documents that VS Code previews. */

import * as vscode from "vscode";
import type { ExecuteCommandSignature, StaticFeature } from "vscode-languageclient/node";

const SCHEME = "mmscaffold-rule";

/** The command of the server's code actions that explain a rule, and what it answers. */
const COMMAND = "mmscaffold.explainRule";
interface Page {
  rule: string;
  markdown: string;
}

/** Shows a page where a code action explains a rule. */
export class RulePages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly markdown = new Map<string, string>();
  private readonly registration: vscode.Disposable;

  constructor() {
    this.registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  /** Tells the server that we show pages; otherwise it opens them in a browser. */
  readonly capability: StaticFeature = {
    fillClientCapabilities: (capabilities) => {
      capabilities.experimental = { mmscaffold: { pages: true } };
    },
    initialize: () => undefined,
    getState: () => ({ kind: "static" }),
    clear: () => undefined,
  };

  /** Stands between VS Code and the server's commands. */
  async run(command: string, given: unknown[], next: ExecuteCommandSignature): Promise<unknown> {
    const answer: unknown = await next(command, given);
    if (command === COMMAND && answer !== null) {
      const { rule, markdown } = answer as Page;
      const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${rule}.md` });
      this.markdown.set(uri.toString(), markdown);
      await vscode.commands.executeCommand("markdown.showPreviewToSide", uri);
    }
    return answer;
  }

  provideTextDocumentContent(uri: vscode.Uri): string | undefined {
    return this.markdown.get(uri.toString());
  }

  dispose(): void {
    this.registration.dispose();
  }
}
