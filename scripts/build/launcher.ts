import { createHash } from "node:crypto";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Stands for the end of a comment inside the program's text, which does not occur in it otherwise. */
const END = "*\u0007/";

/**
 * Makes a bundle start fast: Node is given a few lines, with the program as text in a comment behind them, and these compile
 * the text from what the build has compiled already, where that was for this version of Node. Anywhere else the text is compiled as always.
 * Answers where that compiled form belongs.
 */
export function wrapBundle(file: string): string {
  // Plain ASCII is read fastest. What is left of other letters stands in regular expressions, where the escape means the same.
  const text = readFileSync(file, "utf8")
    .replace(/^#!.*\n/, "")
    .replace(/[^\0-\x7f]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);
  if (text.includes(END)) throw new Error(`${file} contains what is to stand for the end of a comment`);
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 12);
  const launcher = launch.toString().replace(/\s+/g, " ");
  const head = `#!/usr/bin/env node\n"use strict";(${launcher})(require, module, exports, __filename, __dirname, "${digest}");\n/*`;
  writeFileSync(file, `${head}${text.replaceAll("*/", END)}\n*/\n`);
  const stem = basename(file, ".cjs");
  for (const name of readdirSync(dirname(file)))
    if (name.startsWith(`${stem}-`) && name.endsWith(".cache")) rmSync(join(dirname(file), name));
  return join(dirname(file), `${stem}-${digest}-${process.version}-${process.arch}.cache`);
}

/** Written into the file by its text: it may use nothing but its parameters. */
function launch(
  load: NodeJS.Require,
  module: NodeJS.Module,
  exports: unknown,
  file: string,
  folder: string,
  digest: string,
): void {
  const fs = load("node:fs") as typeof import("node:fs");
  const vm = load("node:vm") as typeof import("node:vm");
  const whole = fs.readFileSync(file, "latin1");
  const text = whole.slice(whole.indexOf("\n/*") + 3, -4).replaceAll("*\u0007/", "*/");
  let cachedData: Buffer | undefined;
  try {
    cachedData = fs.readFileSync(`${file.slice(0, -4)}-${digest}-${process.version}-${process.arch}.cache`);
  } catch {
    cachedData = undefined;
  }
  const script = new vm.Script(`(function (exports, require, module, __filename, __dirname) {${text}\n})`, {
    filename: file,
    ...(cachedData && { cachedData }),
  });
  const run = script.runInThisContext() as (...parameters: unknown[]) => void;
  run(exports, load, module, file, folder);
}
