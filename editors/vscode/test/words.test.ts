import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";

import { installLine, kindOfShell } from "../src/install";
import { concernsMmengine } from "../src/interest";
import { asArgument, readCount, readLength } from "../src/length";
import { REPOSITORY, REQUIREMENT } from "../src/publication";
import { configOf, documentText, resolvedParts } from "../src/resolved";
import { type State, shown } from "../src/status";

interface Manifest {
  repository: { url: string };
  license: string;
  contributes: {
    commands: { command: string }[];
    configuration: { properties: Record<string, { description?: string; default: unknown }> };
  };
}
const manifest = JSON.parse(readFileSync("package.json", "utf8")) as Manifest;
const pyproject = readFileSync("../../pyproject.toml", "utf8");

describe("the extension wakes up for", () => {
  const yes: [string, string, string][] = [
    ["a config with bases", "python", "_base_ = './base.py'\nmodel = dict()\n"],
    ["a pure-Python config", "python", "from mmengine.config import read_base\n"],
    ["a YAML config", "yaml", "_base_: ./base.yaml\n"],
    ["a JSON config", "json", '{\n  "_base_": ["a.json"]\n}\n'],
    ["a schedule without bases", "python", "train_cfg = dict(max_epochs=12)\n"],
    ["a model without bases", "python", "# 模型 🚀\r\nmodel = dict(type='RetinaNet')\r\n"],
    ["a config of 2.x", "python", "lr_config = dict(policy='step')\n"],
    ["code that registers a class", "python", "@MODELS.register_module()\nclass A: ...\n"],
  ];
  for (const [what, language, text] of yes) {
    test(what, () => {
      assert.ok(concernsMmengine(language, text));
    });
  }
});

describe("the extension sleeps on", () => {
  const no: [string, string, string][] = [
    ["other Python", "python", "import numpy as np\nmodel = np.zeros(3)\n"],
    ["a web service", "python", "from fastapi import FastAPI\napp = FastAPI()\n"],
    ["a workflow", "yaml", "on: push\njobs:\n  test:\n    steps: []\n"],
    ["a manifest", "json", '{"name": "x", "version": "1.0.0"}'],
    ["another language", "markdown", "_base_ = './base.py'\n"],
    ["an empty file", "python", ""],
  ];
  for (const [what, language, text] of no) {
    test(what, () => {
      assert.ok(!concernsMmengine(language, text));
    });
  }
});

describe("installing", () => {
  test("names the repository that pyproject.toml names", () => {
    assert.ok(pyproject.includes(`Source = "${REPOSITORY}"`));
    assert.ok(manifest.repository.url.startsWith(REPOSITORY));
    assert.ok(pyproject.includes(`license = "${manifest.license}"`));
  });

  test("tells shells apart", () => {
    assert.equal(kindOfShell("/usr/bin/zsh"), "posix");
    assert.equal(kindOfShell("C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe"), "powershell");
    assert.equal(kindOfShell("/usr/bin/pwsh"), "powershell");
    assert.equal(kindOfShell("C:\\Windows\\System32\\cmd.exe"), "cmd");
    assert.equal(kindOfShell("C:\\Program Files\\Git\\bin\\bash.exe"), "posix");
    assert.equal(kindOfShell(""), "posix");
  });

  test("quotes what each shell would take apart", () => {
    const asked = `"${REQUIREMENT}"`;
    assert.equal(
      installLine("C:\\My envs\\python.exe", "cmd"),
      `"C:\\My envs\\python.exe" -m pip install --upgrade ${asked}`,
    );
    assert.equal(
      installLine("C:\\My envs\\o'python.exe", "powershell"),
      `& 'C:\\My envs\\o''python.exe' -m pip install --upgrade '${REQUIREMENT}'`,
    );
    assert.equal(
      installLine("C:\\env\\python.exe", "powershell"),
      `C:\\env\\python.exe -m pip install --upgrade '${REQUIREMENT}'`,
    );
  });

  test("gives a POSIX shell the words that are meant", { skip: process.platform === "win32" }, () => {
    for (const python of ["/env/bin/python", "/o'my $HOME/环境/bin/python"]) {
      const line = installLine(python, "posix");
      const words = execFileSync("/bin/sh", ["-c", `printf '%s\\n' ${line}`], { encoding: "utf8" });
      assert.deepEqual(words.trimEnd().split("\n"), [
        python,
        "-m",
        "pip",
        "install",
        "--upgrade",
        REQUIREMENT,
      ]);
    }
  });
});

describe("a length", () => {
  const lengths: [string, number, string][] = [
    ["24", 24, "epochs"],
    [" 24 epochs ", 24, "epochs"],
    ["1 epoch", 1, "epochs"],
    ["90k iters", 90_000, "iterations"],
    ["90000it", 90_000, "iterations"],
    ["90_000 Iterations", 90_000, "iterations"],
    ["7,330 iter", 7330, "iterations"],
  ];
  for (const [text, count, unit] of lengths) {
    test(text, () => {
      assert.deepEqual(readLength(text), { count, unit });
    });
  }
  for (const text of ["", "0", "-3", "1.5", "many", "12 weeks", "12 epochs iters", "9".repeat(30)]) {
    test(`is not ${JSON.stringify(text)}`, () => {
      assert.equal(readLength(text), undefined);
    });
  }
  test("is told to the server in its words", () => {
    assert.deepEqual(asArgument({ count: 24, unit: "epochs" }), { maxEpochs: 24 });
    assert.deepEqual(asArgument({ count: 90_000, unit: "iterations" }), { maxIters: 90_000 });
  });
  test("is not what a count of iterations is", () => {
    assert.equal(readCount("7330"), 7330);
    assert.equal(readCount("7,330"), 7330);
    assert.equal(readCount("7330 iters"), undefined);
    assert.equal(readCount("e"), undefined);
  });
});

describe("a resolved config", () => {
  test("is named after its file, and found again", () => {
    const uri = "file:///work/%E9%85%8D%E7%BD%AE/a.b.yaml";
    const parts = resolvedParts("/work/配置/a.b.yaml", uri);
    assert.deepEqual(parts, { scheme: "mmscaffold", path: "/work/配置/a.b (resolved).py", query: uri });
    assert.equal(configOf(parts), uri);
    assert.equal(resolvedParts("/w.x/config", "file:///w.x/config").path, "/w.x/config (resolved).py");
  });

  test("is not any other document", () => {
    assert.equal(configOf({ scheme: "file", path: "/a.py", query: "file:///a.py" }), undefined);
    assert.equal(configOf({ scheme: "mmscaffold", path: "/a.py", query: "" }), undefined);
  });

  test("stays as it was while its file is half-written, with the reason above", () => {
    assert.equal(documentText({ text: "a = 1\n" }), "a = 1\n");
    assert.equal(
      documentText({ text: "a = 1\n", error: "a.py:3:1: not closed\n\nmodel = dict(" }),
      "# a.py:3:1: not closed\n#\n# model = dict(\n\na = 1\n",
    );
    assert.equal(documentText({ text: null, error: "no base" }), "# no base\n");
    assert.match(documentText({ text: null }), /^# This file is not a config/);
  });
});

describe("the status item", () => {
  const states: State[] = [
    { kind: "waiting" },
    { kind: "off" },
    { kind: "starting" },
    { kind: "running", version: "1.0", origin: "environment", command: "/env/bin/python" },
    { kind: "lacking", reason: "mmscaffold is not installed.", python: "/p" },
    { kind: "lacking", reason: "No Python.", python: undefined },
    { kind: "wrong", reason: "The setting is wrong." },
    { kind: "stopped", reason: "It ended." },
  ];

  test("offers only commands that there are", () => {
    const known = manifest.contributes.commands.map(({ command }) => command);
    for (const { action } of states.map(shown)) {
      assert.ok(action === undefined || known.includes(action.command));
    }
  });

  test("says what is wrong as loudly as it is", () => {
    assert.deepEqual(
      states.map((state) => shown(state).severity),
      ["information", "information", "information", "information", "warning", "warning", "error", "error"],
    );
    assert.deepEqual(
      states.map((state) => shown(state).busy),
      states.map(({ kind }) => kind === "starting"),
    );
  });

  test("says which server runs, and installs only where there is a Python", () => {
    const details = states.map(shown);
    const [running, lacking, nowhere] = details.slice(3);
    assert.deepEqual(running, {
      text: "mmscaffold 1.0",
      detail: "in the chosen Python environment: /env/bin/python",
      severity: "information",
      busy: false,
      action: { title: "Restart", command: "mmscaffold.restart" },
    });
    assert.equal(lacking?.action?.command, "mmscaffold.install");
    assert.equal(nowhere?.action?.command, "mmscaffold.openSettings");
  });
});
