/** How mmscaffold is put into a Python environment: a line for the user's terminal. */

import { REQUIREMENT } from "./publication";

/** The shells between which quoting differs. */
export type Shell = "posix" | "powershell" | "cmd";

/** The kind of a shell, by the path of its program. */
export function kindOfShell(path: string): Shell {
  const name = path.toLowerCase().split(/[\\/]/).at(-1) ?? "";
  if (/^(?:pwsh|powershell)(?:\.exe)?$/.test(name)) {
    return "powershell";
  }
  return /^cmd(?:\.exe)?$/.test(name) ? "cmd" : "posix";
}

/**
 * The line that installs mmscaffold and its language server with the pip of a Python.
 *
 * @param python the path of the interpreter
 * @param shell the kind of shell that reads the line
 */
export function installLine(python: string, shell: Shell): string {
  const words = [python, "-m", "pip", "install", "--upgrade", REQUIREMENT];
  const line = words.map((word) => quoted(word, shell)).join(" ");
  // PowerShell takes a quoted program for a string, unless it is told to call it.
  return shell === "powershell" && line.startsWith("'") ? `& ${line}` : line;
}

function quoted(word: string, shell: Shell): string {
  if (/^[\w./:=+-]+$/.test(word) || (shell !== "posix" && /^[\w./:=+\\-]+$/.test(word))) {
    return word;
  }
  switch (shell) {
    case "posix":
      return `'${word.replaceAll("'", "'\\''")}'`;
    case "powershell":
      return `'${word.replaceAll("'", "''")}'`;
    case "cmd":
      return `"${word}"`;
  }
}
