/** The machine that the extension runs on. */

import { execFile } from "node:child_process";

import type { Ended, Machine } from "./locate";

/** Environments on network drives are slow to answer; one that hangs is left. */
const MILLISECONDS = 20_000;

/**
 * Runs programs in a folder of the extension's own: `python -c` and `-m` import from where they
 * are started, and a workspace must not decide what that is.
 */
export function machineIn(folder: string): Machine {
  return {
    run(command: string, args: string[]): Promise<Ended | undefined> {
      return new Promise((resolve) => {
        const options = { cwd: folder, timeout: MILLISECONDS, windowsHide: true };
        execFile(command, args, options, (error, stdout) => {
          if (error === null) {
            resolve({ code: 0, output: stdout });
          } else if (typeof error.code === "string") {
            // ENOENT, EACCES: there is no such program.
            resolve(undefined);
          } else {
            resolve({ code: error.code ?? null, output: stdout });
          }
        });
      });
    },
  };
}
