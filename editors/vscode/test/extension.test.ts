import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import Module from "node:module";
import { join } from "node:path";
import { test } from "node:test";

import type * as extensionModule from "../src/extension";

/** Anything at all: to be called, made, derived from and asked for more. */
function anything(given: Record<string, unknown> = {}): unknown {
  const target = function (): undefined {
    return undefined;
  };
  return new Proxy(target, {
    get(_, name, receiver): unknown {
      if (name in given) {
        return given[String(name)];
      }
      // Not to be waited for, nor made a string or number of.
      if (name === "then" || typeof name === "symbol") {
        return undefined;
      }
      return name === "prototype" ? Reflect.get(_, name, receiver) : anything();
    },
    set: () => true,
    apply: () => anything(),
    construct: () => anything() as object,
  });
}

const loader = Module as unknown as { _load: (name: string, ...rest: unknown[]) => unknown };

test("the bundle registers every command of the manifest, and starts nothing unasked", async () => {
  const manifest = JSON.parse(readFileSync("package.json", "utf8")) as {
    main: string;
    contributes: { commands: { command: string }[] };
  };
  const registered: string[] = [];
  const ran: string[] = [];
  const vscode = anything({
    commands: {
      registerCommand: (name: string): unknown => {
        registered.push(name);
        return anything();
      },
      executeCommand: (name: string): void => void ran.push(name),
    },
    extensions: { getExtension: () => undefined },
    workspace: anything({
      textDocuments: [
        { uri: { scheme: "file" }, languageId: "python", getText: () => "import numpy\n" },
        { uri: { scheme: "git" }, languageId: "python", getText: () => "_base_ = 'a.py'\n" },
      ],
    }),
  });
  const load = loader._load;
  // The bundle copies what a module exports by itself, and keeps its prototype.
  const module = Object.create(vscode as object) as unknown;
  loader._load = (name, ...rest): unknown => (name === "vscode" ? module : load(name, ...rest));
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const extension = require(join(process.cwd(), manifest.main)) as typeof extensionModule;
    const context = { extensionPath: process.cwd(), subscriptions: [] };
    await extension.activate(context as never);
    await extension.deactivate();
  } finally {
    loader._load = load;
  }
  const contributed = manifest.contributes.commands.map(({ command }) => command);
  assert.deepEqual(registered.sort(), contributed.sort());
  assert.deepEqual(ran, ["setContext"]);
});
