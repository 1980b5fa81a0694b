/** Finds the `mmscaffold` that speaks with the editor. */

import { MODULES_OF_THE_SERVER } from "./publication";

/** What a program that ran to its end left behind. */
export interface Ended {
  code: number | null;
  output: string;
}

/** What is asked of the machine; tests answer for it. */
export interface Machine {
  /** Runs a program without a shell; `undefined` where there is no such program. */
  run(command: string, args: string[]): Promise<Ended | undefined>;
}

/** How a server was found: in the chosen Python, by the setting, or on the PATH. */
export type Origin = "setting" | "environment" | "path";

/** A server that can be started. */
export interface Found {
  kind: "found";
  command: string;
  args: string[];
  origin: Origin;
  version: string;
}

/** A Python in which something lacks; installing into it would help. */
export interface Lacking {
  kind: "lacking";
  python: string | undefined;
  reason: string;
}

/** What the user has set cannot be used; installing something would not help. */
export interface Wrong {
  kind: "wrong";
  reason: string;
}

/** The places where a server is looked for. */
export interface Places {
  /** The setting `mmscaffold.path`; empty where it is not set. */
  setting: string;
  /** The interpreter that is chosen in the Python extension. */
  python: string | undefined;
}

/** Prints, as JSON, what an environment has; it imports nothing of the packages themselves. */
export const PROBE = [
  "import importlib.metadata as m, importlib.util as u, json",
  "def version():",
  "    try: return m.version('mmscaffold')",
  "    except m.PackageNotFoundError: return ''",
  "package = u.find_spec('mmscaffold')",
  "print(json.dumps({",
  "    'version': version() if package else None,",
  "    'server': bool(package and u.find_spec('mmscaffold.lsp')),",
  `    'lacking': [n for n in ${JSON.stringify(MODULES_OF_THE_SERVER)} if not u.find_spec(n)],`,
  "}))",
].join("\n");

interface Probed {
  version: string | null;
  server: boolean;
  lacking: string[];
}

/**
 * Finds the server: by the setting, where there is one, since whoever set it means it; else in
 * the chosen Python; else on the PATH.
 */
export async function locate(places: Places, machine: Machine): Promise<Found | Lacking | Wrong> {
  if (places.setting !== "") {
    return bySetting(places.setting, machine);
  }
  let lacking: Lacking = {
    kind: "lacking",
    python: undefined,
    reason: "No Python environment is chosen, and there is no mmscaffold on the PATH.",
  };
  if (places.python !== undefined) {
    const found = await inPython(places.python, machine);
    if (found.kind === "found") {
      return found;
    }
    lacking = found;
  }
  return (await named("mmscaffold", "path", machine)) ?? lacking;
}

async function bySetting(path: string, machine: Machine): Promise<Found | Wrong> {
  return (
    (await named(path, "setting", machine)) ?? {
      kind: "wrong",
      reason: `The setting mmscaffold.path is ${path}, which is not an mmscaffold with a language server.`,
    }
  );
}

async function inPython(python: string, machine: Machine): Promise<Found | Lacking> {
  const lacks = (reason: string): Lacking => ({ kind: "lacking", python, reason });
  const ended = await machine.run(python, ["-c", PROBE]);
  const probed = ended?.code === 0 ? asProbed(ended.output) : undefined;
  if (probed === undefined) {
    return lacks(`${python} could not be asked which packages it has.`);
  }
  if (probed.version === null) {
    return lacks(`mmscaffold is not installed in ${python}.`);
  }
  if (!probed.server) {
    return lacks(`${`mmscaffold ${probed.version}`.trim()} in ${python} is too old to have a language server.`);
  }
  if (probed.lacking.length > 0) {
    return lacks(`mmscaffold in ${python} lacks ${probed.lacking.join(" and ")}.`);
  }
  return {
    kind: "found",
    command: python,
    args: ["-m", "mmscaffold", "lsp"],
    origin: "environment",
    version: probed.version,
  };
}

/** The command of a name or path, where it has a language server. */
async function named(command: string, origin: Origin, machine: Machine): Promise<Found | undefined> {
  const version = await machine.run(command, ["--version"]);
  const help = version?.code === 0 ? await machine.run(command, ["lsp", "--help"]) : undefined;
  if (version === undefined || help?.code !== 0) {
    return undefined;
  }
  return {
    kind: "found",
    command,
    args: ["lsp"],
    origin,
    version: /version\s+(\S+)/.exec(version.output)?.[1] ?? "",
  };
}

function asProbed(output: string): Probed | undefined {
  try {
    // Environments may greet with lines of their own: ours is the last.
    return JSON.parse(output.trim().split("\n").at(-1) ?? "") as Probed;
  } catch {
    return undefined;
  }
}
