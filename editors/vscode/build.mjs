// Bundles the extension into out/extension.js, and each test into out/test/; `--watch` goes on.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argv } from "node:process";
import esbuild from "esbuild";

const common = { bundle: true, platform: "node", target: "node18", logLevel: "warning" };
const extension = {
  ...common,
  entryPoints: ["src/extension.ts"],
  outfile: "out/extension.js",
  format: "cjs",
  external: ["vscode"],
  minify: !argv.includes("--watch"),
  sourcemap: argv.includes("--watch"),
  metafile: true,
};
const tests = {
  ...common,
  entryPoints: readdirSync("test")
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => `test/${name}`),
  outdir: "out/test",
  format: "cjs",
  sourcemap: "inline",
};

if (argv.includes("--watch")) {
  const context = await esbuild.context(extension);
  await context.watch();
} else {
  const [built] = await Promise.all([esbuild.build(extension), esbuild.build(tests)]);
  writeFileSync("out/NOTICE.txt", licenses(Object.keys(built.metafile.inputs)));
}

/** The licenses of the packages whose files are in the bundle. */
function licenses(inputs) {
  const packages = inputs.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]);
  return [...new Set(packages.filter((folder) => folder !== undefined))]
    .sort()
    .map((folder) => {
      const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      const license = readdirSync(folder).find((file) => /^licen[sc]e/i.test(file));
      if (license === undefined) {
        throw new Error(`${folder} has no license`);
      }
      return `${name} ${version}\n\n${readFileSync(join(folder, license), "utf8").trim()}\n`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);
}
