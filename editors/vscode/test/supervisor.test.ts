import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";

import type { Ended, Found, Lacking, Places } from "../src/locate";
import type { State } from "../src/status";
import { type Client, Supervisor, type Surroundings } from "../src/supervisor";

/** An editor in which mmscaffold is installed for one Python. */
class Editor implements Surroundings {
  isEnabled = true;
  installed: string[] = ["/good"];
  python: string | undefined = "/good";
  states: string[] = [];
  events: string[] = [];
  offers: Lacking[] = [];
  failure: Error | undefined;
  died: (reason: string) => void = () => undefined;

  enabled = (): boolean => this.isEnabled;
  places = (): Promise<Places> => Promise.resolve({ setting: "", python: this.python });
  machine = {
    run: (command: string): Promise<Ended | undefined> => {
      const there = this.installed.includes(command);
      const output = JSON.stringify({ version: there ? "1.0" : null, server: there, lacking: [] });
      return Promise.resolve(command === this.python ? { code: 0, output } : undefined);
    },
  };
  client = (found: Found, died: (reason: string) => void): Client => {
    this.died = died;
    return {
      start: async (): Promise<void> => {
        await new Promise((resolve) => setImmediate(resolve));
        if (this.failure !== undefined) {
          throw this.failure;
        }
        this.events.push(`start ${found.command}`);
      },
      stop: (): Promise<void> => {
        this.events.push(`stop ${found.command}`);
        return Promise.resolve();
      },
    };
  };
  show = (state: State): void => void this.states.push(state.kind);
  offer = (lacking: Lacking): void => void this.offers.push(lacking);
}

let editor: Editor;
let supervisor: Supervisor;

beforeEach(() => {
  editor = new Editor();
  supervisor = new Supervisor(editor);
});

describe("the server", () => {
  test("starts with the first config, and once", async () => {
    assert.equal(supervisor.standing.kind, "waiting");
    await Promise.all([supervisor.wake(), supervisor.wake(), supervisor.wake()]);
    assert.deepEqual(editor.events, ["start /good"]);
    assert.deepEqual(editor.states, ["starting", "running"]);
  });

  test("starts anew in another Python, after the first has ended", async () => {
    await supervisor.wake();
    editor.python = "/other";
    editor.installed.push("/other");
    await supervisor.changed();
    assert.deepEqual(editor.events, ["start /good", "stop /good", "start /other"]);
  });

  test("does not start because settings change, before any config is open", async () => {
    await supervisor.changed();
    assert.deepEqual(editor.events, []);
    assert.equal(supervisor.standing.kind, "waiting");
  });

  test("is restarted only after it has started", async () => {
    await Promise.all([supervisor.wake(), supervisor.restart(), supervisor.restart()]);
    const once = ["start /good", "stop /good"];
    assert.deepEqual(editor.events, [...once, ...once, "start /good"]);
  });

  test("is not started where it is switched off, and ends where it becomes so", async () => {
    editor.isEnabled = false;
    await supervisor.wake();
    assert.equal(supervisor.standing.kind, "off");
    editor.isEnabled = true;
    await supervisor.changed();
    assert.equal(supervisor.standing.kind, "running");
    editor.isEnabled = false;
    await supervisor.changed();
    assert.deepEqual(editor.events, ["start /good", "stop /good"]);
  });

  test("ends with the editor", async () => {
    await supervisor.wake();
    await supervisor.stop();
    assert.deepEqual(editor.events, ["start /good", "stop /good"]);
  });
});

describe("where it cannot be started", () => {
  test("what lacks is offered once, however often one looks again", async () => {
    editor.installed = [];
    await supervisor.wake();
    await supervisor.restart();
    await supervisor.changed();
    assert.equal(supervisor.standing.kind, "lacking");
    assert.deepEqual(
      editor.offers.map(({ python }) => python),
      ["/good"],
    );
  });

  test("it starts after it was installed", async () => {
    editor.installed = [];
    await supervisor.wake();
    editor.installed = ["/good"];
    await supervisor.restart();
    assert.equal(supervisor.standing.kind, "running");
  });

  test("a server that fails is told, and can be started again", async () => {
    editor.failure = new Error("no stdin");
    await supervisor.wake();
    assert.deepEqual(supervisor.standing, {
      kind: "stopped",
      reason: "/good did not start: no stdin",
    });
    editor.failure = undefined;
    await supervisor.restart();
    assert.equal(supervisor.standing.kind, "running");
    assert.deepEqual(editor.events, ["start /good"]);
  });

  test("a server that dies is told; one that was replaced is not", async () => {
    await supervisor.wake();
    const before = editor.died;
    await supervisor.restart();
    before("the old one");
    assert.equal(supervisor.standing.kind, "running");
    editor.died("killed");
    assert.deepEqual(supervisor.standing, { kind: "stopped", reason: "killed" });
  });
});
