/** What the status item says. */

import type { Origin } from "./locate";

/** Where the extension stands. */
export type State =
  | { kind: "waiting" }
  | { kind: "off" }
  | { kind: "starting" }
  | { kind: "running"; version: string; origin: Origin; command: string }
  | { kind: "lacking"; reason: string; python: string | undefined }
  | { kind: "wrong"; reason: string }
  | { kind: "stopped"; reason: string };

/** A status item, without the API of VS Code. */
export interface Shown {
  text: string;
  detail: string;
  severity: "information" | "warning" | "error";
  busy: boolean;
  action?: { title: string; command: string };
}

const ORIGINS: Record<Origin, string> = {
  setting: "from the setting mmscaffold.path",
  environment: "in the chosen Python environment",
  path: "found on the PATH",
};

const RESTART = { title: "Restart", command: "mmscaffold.restart" };
const OPEN_SETTINGS = { title: "Open settings", command: "mmscaffold.openSettings" };
const INSTALL = { title: "Install", command: "mmscaffold.install" };

/** The status item of a state. */
export function shown(state: State): Shown {
  const quiet = { severity: "information", busy: false } as const;
  switch (state.kind) {
    case "waiting":
      return { ...quiet, text: "mmscaffold", detail: "starts with the first config" };
    case "off":
      return { ...quiet, text: "mmscaffold", detail: "switched off", action: OPEN_SETTINGS };
    case "starting":
      return { ...quiet, text: "mmscaffold", detail: "is starting", busy: true };
    case "running": {
      const detail = `${ORIGINS[state.origin]}: ${state.command}`;
      const text = `mmscaffold ${state.version}`.trim();
      return { ...quiet, text, detail, action: RESTART };
    }
    case "lacking": {
      const action = state.python === undefined ? OPEN_SETTINGS : INSTALL;
      return { text: "mmscaffold", detail: state.reason, severity: "warning", busy: false, action };
    }
    case "wrong":
      return {
        text: "mmscaffold",
        detail: state.reason,
        severity: "error",
        busy: false,
        action: OPEN_SETTINGS,
      };
    case "stopped":
      return {
        text: "mmscaffold",
        detail: state.reason,
        severity: "error",
        busy: false,
        action: RESTART,
      };
  }
}
