/** Starts, restarts and stops the server, and says where it stands. */

import { type Found, type Lacking, type Machine, type Places, locate } from "./locate";
import type { State } from "./status";

/** A client of one server, as vscode-languageclient makes it. */
export interface Client {
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** What the supervisor needs of the editor; tests stand in for it. */
export interface Surroundings {
  enabled(): boolean;
  places(): Promise<Places>;
  machine: Machine;
  /** Makes a client; `died` is to be called where the server ends, and is not started again. */
  client(found: Found, died: (reason: string) => void): Client;
  show(state: State): void;
  /** Offers to install what lacks: once in a session, whatever is restarted. */
  offer(lacking: Lacking): void;
}

/** Keeps one server running, from the first config on; its methods may be called at any time. */
export class Supervisor {
  private state: State = { kind: "waiting" };
  private client: Client | undefined;
  private last: Promise<void> = Promise.resolve();
  private offered = false;

  constructor(private readonly around: Surroundings) {}

  /** Where the server stands. */
  get standing(): State {
    return this.state;
  }

  /** A config is open: starts the server, unless that was tried before. */
  wake(): Promise<void> {
    return this.afterwards(async () => {
      if (this.state.kind === "waiting") {
        await this.start();
      }
    });
  }

  /** Looks for the server anew, and starts it: asked for, or the settings have changed. */
  restart(): Promise<void> {
    return this.afterwards(async () => {
      await this.end();
      await this.start();
    });
  }

  /** The settings or the chosen Python changed: a server that was not asked for stays unasked. */
  async changed(): Promise<void> {
    if (this.state.kind !== "waiting") {
      await this.restart();
    }
  }

  /** Stops the server; the editor closes. */
  stop(): Promise<void> {
    return this.afterwards(async () => {
      await this.end();
      this.enter({ kind: "waiting" });
    });
  }

  /** Does one thing after the other: a restart while the server starts waits for it. */
  private afterwards(work: () => Promise<void>): Promise<void> {
    this.last = this.last.then(work, work);
    return this.last;
  }

  private async start(): Promise<void> {
    if (!this.around.enabled()) {
      this.enter({ kind: "off" });
      return;
    }
    this.enter({ kind: "starting" });
    const found = await locate(await this.around.places(), this.around.machine);
    if (found.kind !== "found") {
      this.enter(found);
      if (found.kind === "lacking" && !this.offered) {
        this.offered = true;
        this.around.offer(found);
      }
      return;
    }
    const client = this.around.client(found, (reason) => {
      if (this.client === client) {
        this.enter({ kind: "stopped", reason });
      }
    });
    this.client = client;
    try {
      await client.start();
    } catch (error) {
      this.client = undefined;
      const reason = error instanceof Error ? error.message : String(error);
      this.enter({ kind: "stopped", reason: `${found.command} did not start: ${reason}` });
      return;
    }
    this.enter({ ...found, kind: "running" });
  }

  private async end(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    try {
      await client?.stop();
    } catch {
      // A server that has gone cannot be asked to go.
    }
  }

  private enter(state: State): void {
    this.state = state;
    this.around.show(state);
  }
}
