/** The names of virtual documents that show what a config resolves to. */

/** The scheme of their URIs. */
export const SCHEME = "mmscaffold";

/** The parts of a URI, as VS Code has them. */
export interface Parts {
  scheme: string;
  path: string;
  query: string;
}

/**
 * The document that shows what a config resolves to; its name is the title of the tab, and its
 * ending tells VS Code to colour it as Python, whatever the config itself is written in.
 *
 * @param path the path of the config's URI
 * @param uri the config's URI, as the server knows it
 */
export function resolvedParts(path: string, uri: string): Parts {
  const name = path.replace(/\.[^./]*$/, "");
  return { scheme: SCHEME, path: `${name} (resolved).py`, query: uri };
}

/** The URI of the config that a document shows; `undefined` for a document that shows none. */
export function configOf(parts: Parts): string | undefined {
  return parts.scheme === SCHEME && parts.query !== "" ? parts.query : undefined;
}

/** What the server answers to `mmscaffold/resolved`. */
export interface Answer {
  /** The resolved config as Python; `null` for a file that is no config. */
  text: string | null;
  /** Why it does not resolve at the moment; the text is what it was before. */
  error?: string;
}

/** The text of a document. */
export function documentText({ text, error }: Answer): string {
  if (error !== undefined) {
    return comment(error) + (text === null ? "" : `\n${text}`);
  }
  return text ?? comment("This file is not a config of mmengine.");
}

/** Lines for people, in a document that is coloured as Python. */
export function comment(reason: string): string {
  return reason
    .split("\n")
    .map((line) => `# ${line}`.trimEnd())
    .concat("")
    .join("\n");
}
