/** A training length, as people write it into a box. */

/** A length in one of the two units of mmengine. */
export interface Length {
  count: number;
  unit: "epochs" | "iterations";
}

const UNITS: Record<string, Length["unit"]> = {
  "": "epochs",
  e: "epochs",
  ep: "epochs",
  epoch: "epochs",
  epochs: "epochs",
  it: "iterations",
  iter: "iterations",
  iters: "iterations",
  iteration: "iterations",
  iterations: "iterations",
};

/** What `readLength` understands, for the box. */
export const EXAMPLES = "such as 24, 24 epochs or 90k iters";

/** The length that a text means; `undefined` for what is none. */
export function readLength(text: string): Length | undefined {
  const parts = /^\s*(\d[\d_,]*)\s*(k?)\s*([a-z]*)\s*$/i.exec(text);
  if (parts === null) {
    return undefined;
  }
  const [, digits = "", thousand = "", word = ""] = parts;
  const unit = UNITS[word.toLowerCase()];
  const count = Number(digits.replaceAll(/[_,]/g, "")) * (thousand === "" ? 1 : 1000);
  return unit === undefined || count < 1 || !Number.isSafeInteger(count)
    ? undefined
    : { count, unit };
}

/** A length in the words of the server's command `mmscaffold.changeLength`. */
export function asArgument({ count, unit }: Length): Record<string, number> {
  return unit === "epochs" ? { maxEpochs: count } : { maxIters: count };
}

/** A positive whole number that a text means; `undefined` for what is none. */
export function readCount(text: string): number | undefined {
  const length = readLength(text);
  return length !== undefined && /^[\s\d_,k]*$/i.test(text) ? length.count : undefined;
}
