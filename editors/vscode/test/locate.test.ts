import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";

import { type Ended, type Machine, PROBE, locate } from "../src/locate";
import { machineIn } from "../src/machine";

const HELP = "Usage: mmscaffold lsp";

/** A machine that has some programs, and remembers which were run. */
class Told implements Machine {
  readonly ran: string[] = [];

  constructor(private readonly answers: Record<string, Ended>) {}

  run(command: string, args: string[]): Promise<Ended | undefined> {
    const line = [command, ...(args[0] === "-c" ? ["-c"] : args)].join(" ");
    this.ran.push(line);
    return Promise.resolve(this.answers[line]);
  }
}

const said = (output: string, code = 0): Ended => ({ code, output });
const probed = (given: object): Ended =>
  said(`Welcome\n${JSON.stringify({ version: "0.2.0", server: true, lacking: [], ...given })}\n`);

describe("the server is found", () => {
  test("in the chosen Python, also where the PATH has another", async () => {
    const machine = new Told({
      "/env/bin/python -c": probed({}),
      "mmscaffold --version": said("mmscaffold, version 0.1.0\n"),
      "mmscaffold lsp --help": said(HELP),
    });
    assert.deepEqual(await locate({ setting: "", python: "/env/bin/python" }, machine), {
      kind: "found",
      command: "/env/bin/python",
      args: ["-m", "mmscaffold", "lsp"],
      origin: "environment",
      version: "0.2.0",
    });
    assert.deepEqual(machine.ran, ["/env/bin/python -c"]);
  });

  test("by the setting, before all else", async () => {
    const machine = new Told({
      "/env/bin/python -c": probed({}),
      "/opt/mmscaffold --version": said("mmscaffold, version 0.3.0\n"),
      "/opt/mmscaffold lsp --help": said(HELP),
    });
    const found = await locate({ setting: "/opt/mmscaffold", python: "/env/bin/python" }, machine);
    assert.deepEqual(found, {
      kind: "found",
      command: "/opt/mmscaffold",
      args: ["lsp"],
      origin: "setting",
      version: "0.3.0",
    });
  });

  test("on the PATH, where the chosen Python lacks it or none is chosen", async () => {
    for (const python of [undefined, "/env/bin/python"]) {
      const machine = new Told({
        "/env/bin/python -c": probed({ version: null, server: false }),
        "mmscaffold --version": said("mmscaffold, version 0.2.0\n"),
        "mmscaffold lsp --help": said(HELP),
      });
      const found = await locate({ setting: "", python }, machine);
      assert.equal(found.kind === "found" && found.origin, "path");
    }
  });
});

describe("what lacks is named", () => {
  const cases: [string, Ended | undefined, RegExp][] = [
    ["mmscaffold", probed({ version: null, server: false }), /^mmscaffold is not installed in \/p$/],
    ["the server", probed({ server: false }), /^mmscaffold 0\.2\.0 in \/p is too old/],
    ["pygls", probed({ lacking: ["pygls", "lsprotocol"] }), /lacks pygls and lsprotocol/],
    ["Python itself", undefined, /^\/p could not be asked/],
    ["an answer", said("", 1), /^\/p could not be asked/],
    ["sense", said("Hello"), /^\/p could not be asked/],
  ];
  for (const [what, answer, reason] of cases) {
    test(what, async () => {
      const machine = new Told(answer === undefined ? {} : { "/p -c": answer });
      const found = await locate({ setting: "", python: "/p" }, machine);
      assert.ok(found.kind === "lacking");
      assert.equal(found.python, "/p");
      assert.match(found.reason.replace(/\.$/, ""), reason);
    });
  }

  test("a Python, where none is chosen", async () => {
    const found = await locate({ setting: "", python: undefined }, new Told({}));
    assert.ok(found.kind === "lacking" && found.python === undefined);
  });

  test("the server of a command on the PATH that is older", async () => {
    const machine = new Told({
      "mmscaffold --version": said("mmscaffold, version 0.1.0\n"),
      "mmscaffold lsp --help": said("Error: No such command 'lsp'.", 2),
    });
    assert.equal((await locate({ setting: "", python: undefined }, machine)).kind, "lacking");
  });
});

test("a setting that is wrong is told, and nothing else is taken instead", async () => {
  const machine = new Told({ "/env/bin/python -c": probed({}) });
  const found = await locate({ setting: "/no/such", python: "/env/bin/python" }, machine);
  assert.ok(found.kind === "wrong");
  assert.match(found.reason, /mmscaffold\.path is \/no\/such/);
});

describe("with a real Python", () => {
  const python = process.env.PYTHON ?? "python3";

  test("the probe runs, and says what there is", () => {
    const answer: unknown = JSON.parse(execFileSync(python, ["-c", PROBE], { encoding: "utf8" }));
    assert.deepEqual(Object.keys(answer as object), ["version", "server", "lacking"]);
  });

  test("where nothing is installed, mmscaffold lacks", async () => {
    const folder = mkdtempSync(join(tmpdir(), "mmscaffold-"));
    try {
      const machine = machineIn(folder);
      const bare: Machine = {
        // -S: no site-packages; -E: no PYTHONPATH.
        run: (command, args) =>
          command === python ? machine.run(command, ["-S", "-E", ...args]) : Promise.resolve(undefined),
      };
      const found = await locate({ setting: "", python }, bare);
      assert.ok(found.kind === "lacking");
      assert.equal(found.reason, `mmscaffold is not installed in ${python}.`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("a program that is none, or that fails, is told apart", async () => {
    const machine = machineIn(tmpdir());
    assert.equal(await machine.run("/no/such/program", []), undefined);
    assert.deepEqual(await machine.run(python, ["-c", "print(1); exit(3)"]), {
      code: 3,
      output: "1\n".replace("\n", process.platform === "win32" ? "\r\n" : "\n"),
    });
  });
});
