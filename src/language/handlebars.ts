import type {} from "handlebars";
import { lineStarts } from "./locate.ts";
import { parse } from "handlebars/dist/cjs/handlebars/compiler/base.js";

/** The parts of a parsed template that we use; `start` and `end` are offsets in the text. */
export interface TextProgram {
  body: TextPart[];
  blockParams: string[];
}
export type TextPart =
  | { kind: "content"; value: string }
  | { kind: "print"; value: TextValue; start: number; end: number }
  | TextBlock;
export interface TextBlock {
  kind: "block";
  name: string;
  params: TextValue[];
  program: TextProgram | undefined;
  inverse: TextProgram | undefined;
  start: number;
  end: number;
}
export type TextValue =
  | { kind: "literal"; value: string | number | boolean | null; start: number; end: number }
  | { kind: "path"; parts: string[]; data: boolean; start: number; end: number }
  | { kind: "call"; name: string; params: TextValue[]; start: number; end: number };

/** A text that is no template; offsets in the text. */
export class TextSyntaxError extends Error {
  constructor(
    readonly code: "text-syntax" | "text-context" | "text-helper",
    message: string,
    readonly hint: string | undefined,
    readonly start: number,
    readonly end: number,
    /** True when the parser gave up there: what stands there may be another template language. */
    readonly unreadable = false,
  ) {
    super(message);
  }
}

const NAMED_ITEM = "name the item of the block: {{#each list as |item|}}";

/** Parses a template with the library's parser, white-space control included. Throws TextSyntaxError. */
export function parseText(text: string): TextProgram {
  const deep = tooDeep(text);
  if (deep >= 0)
    throw new TextSyntaxError("text-syntax", "blocks are nested too deeply here", undefined, deep, deep + 2);
  try {
    return new Converter(text).program(parse(text));
  } catch (error) {
    throw error instanceof TextSyntaxError ? error : syntaxError(text, error);
  }
}

const MAX_NESTING = 300;

/** Where blocks (and `{{else if}}`s, which nest as well) become too deep for the library, which then takes very long; -1 when nowhere. */
function tooDeep(text: string): number {
  const open: number[] = [];
  let depth = 0;
  for (const match of text.matchAll(/\{\{~?(#|\^|\/|else\b)/g)) {
    if (match[1] === "/") depth -= open.pop() ?? 0;
    else {
      depth++;
      const last = open.length - 1;
      if (match[1] === "else" && last >= 0) open[last] = (open[last] ?? 0) + 1;
      else open.push(1);
    }
    if (depth > MAX_NESTING) return match.index;
  }
  return -1;
}

/** From the library's tree to ours, refusing what has no meaning here. */
class Converter {
  readonly #lineStarts: readonly number[];

  constructor(text: string) {
    this.#lineStarts = lineStarts(text);
  }

  program(program: hbs.AST.Program): TextProgram {
    // The library's types have names here always; it has none for blocks without.
    const { blockParams } = program as { blockParams?: string[] };
    return { body: program.body.flatMap((statement) => this.#part(statement)), blockParams: blockParams ?? [] };
  }

  #part(statement: hbs.AST.Statement): TextPart[] {
    switch (statement.type) {
      case "ContentStatement":
        return [{ kind: "content", value: (statement as hbs.AST.ContentStatement).value }];
      case "CommentStatement":
        return [];
      case "MustacheStatement": {
        const print = statement as hbs.AST.MustacheStatement;
        return [{ kind: "print", value: this.#callOrValue(print, print.path), ...this.#range(print) }];
      }
      case "BlockStatement":
        return [this.#block(statement as hbs.AST.BlockStatement)];
      default:
        throw this.#error(
          statement,
          "text-syntax",
          "partials and decorators ({{> }}, {{#* }}) do not exist here",
          "include a whole file with the template module, or move the text into a variable",
        );
    }
  }

  #block(block: hbs.AST.BlockStatement): TextBlock {
    const name = block.path.parts.join(".");
    this.#refuseHash(block.hash);
    return {
      kind: "block",
      name,
      params: block.params.map((param) => this.#value(param)),
      program: this.#branch(block.program),
      inverse: this.#branch(block.inverse),
      ...this.#range(block.path),
    };
  }

  /** The library's types say that both branches of a block are always there. */
  #branch(program: hbs.AST.Program | undefined): TextProgram | undefined {
    return program ? this.program(program) : undefined;
  }

  #callOrValue(
    node: { params: hbs.AST.Expression[]; hash: hbs.AST.Hash | undefined },
    path: hbs.AST.PathExpression | hbs.AST.Literal,
  ): TextValue {
    this.#refuseHash(node.hash);
    if (node.params.length === 0) return this.#value(path);
    const called = isPath(path) ? path : undefined;
    const name = called === undefined || called.data ? "" : called.parts.join(".");
    if (called !== undefined && called.depth > 0)
      throw this.#error(path, "text-context", "../ is not used here", NAMED_ITEM);
    if (name === "")
      throw this.#error(path, "text-syntax", "only a helper can have arguments", "write {{helper argument}}");
    return { kind: "call", name, params: node.params.map((param) => this.#value(param)), ...this.#range(path) };
  }

  #value(node: hbs.AST.Expression): TextValue {
    const range = this.#range(node);
    switch (node.type) {
      case "PathExpression":
        return this.#path(node as hbs.AST.PathExpression);
      case "SubExpression": {
        const call = node as hbs.AST.SubExpression;
        if (call.params.length > 0) return this.#callOrValue(call, call.path);
        this.#refuseHash(call.hash);
        return { kind: "call", name: call.path.parts.join("."), params: [], ...range };
      }
      case "StringLiteral":
      case "NumberLiteral":
      case "BooleanLiteral":
        return {
          kind: "literal",
          value: (node as hbs.AST.StringLiteral | hbs.AST.NumberLiteral | hbs.AST.BooleanLiteral).value,
          ...range,
        };
      default:
        return { kind: "literal", value: null, ...range };
    }
  }

  #path(path: hbs.AST.PathExpression): TextValue {
    if (path.depth > 0)
      throw this.#error(
        path,
        "text-context",
        "../ is not used here: inside of a block every name means what it means outside",
        NAMED_ITEM,
      );
    if (/^(?:this\b|\.)/.test(path.original) || path.parts.length === 0)
      throw this.#error(path, "text-context", `\`${path.original}\` is not used here`, NAMED_ITEM);
    return { kind: "path", parts: path.parts, data: path.data, ...this.#range(path) };
  }

  #refuseHash(hash: hbs.AST.Hash | undefined): void {
    const pair = hash?.pairs[0];
    if (pair !== undefined)
      throw this.#error(
        pair,
        "text-helper",
        `helpers take no named arguments (${pair.key}=)`,
        "write the value without a name",
      );
  }

  #range(node: hbs.AST.Node): { start: number; end: number } {
    const { start, end } = node.loc;
    return {
      start: (this.#lineStarts[start.line - 1] ?? 0) + start.column,
      end: (this.#lineStarts[end.line - 1] ?? 0) + end.column,
    };
  }

  #error(node: hbs.AST.Node, code: TextSyntaxError["code"], message: string, hint: string): TextSyntaxError {
    const { start, end } = this.#range(node);
    return new TextSyntaxError(code, message, hint, start, end);
  }
}

function isPath(node: hbs.AST.Expression): node is hbs.AST.PathExpression {
  return node.type === "PathExpression";
}

/** The library says where only in words; this finds the place again. */
function syntaxError(text: string, error: unknown): TextSyntaxError {
  const raised = error instanceof Error ? error : new Error(String(error));
  if (error instanceof RangeError)
    return new TextSyntaxError("text-syntax", "the text is nested too deeply", undefined, 0, 1);
  const lines = text.split("\n");
  const lineStart = (line: number): number => lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  const mismatch = /^(\S+) doesn't match (\S+) - (\d+):(\d+)$/.exec(raised.message);
  if (mismatch !== null) {
    const at = lineStart(Number(mismatch[3])) + Number(mismatch[4]);
    return new TextSyntaxError(
      "text-syntax",
      `the block {{#${mismatch[1]}}} is closed with {{/${mismatch[2]}}}`,
      `close it with {{/${mismatch[1]}}}`,
      at,
      at + (mismatch[1] ?? "").length,
    );
  }
  const invalid = /^(.*) - (\d+):(\d+)$/.exec(raised.message);
  if (invalid !== null) {
    const at = lineStart(Number(invalid[2])) + Number(invalid[3]);
    const path = /^Invalid path: (.*)$/.exec(invalid[1] ?? "")?.[1];
    const message = path === undefined ? "this is not expected here" : `\`${path}\` is no name`;
    return new TextSyntaxError("text-syntax", message, undefined, at, at + (path ?? " ").length);
  }
  const [head = "", excerpt = "", arrow = ""] = raised.message.split("\n");
  const line = Number(/line (\d+)/.exec(head)?.[1] ?? 1);
  const at = findExcerpt(text, lineStart(line), excerpt, arrow.indexOf("^"));
  const got = /got '(\w+)'/.exec(raised.message)?.[1] ?? "";
  const hint = got === "NUMBER" && text[at - 1] === "." ? "an item of a list is {{list.[0]}}" : undefined;
  return new TextSyntaxError(
    "text-syntax",
    GOT[got] ?? "this is not expected inside of {{ }}",
    hint,
    at,
    at + 1,
    got !== "NUMBER",
  );
}

const GOT: { readonly [token: string]: string } = {
  EOF: "the text ends before a block or {{ }} is closed",
  INVERSE: "{{else}} stands outside of a block",
  OPEN_ENDBLOCK: "a block is closed that was not opened",
  OPEN_INVERSE_CHAIN: "{{else}} stands outside of a block",
};

/** The parser shows the text before and after the place, without line ends. */
function findExcerpt(text: string, from: number, excerpt: string, arrow: number): number {
  const before = excerpt.slice(0, Math.max(arrow, 0)).replace(/^\.\.\./, "");
  const flat = before.replaceAll("\n", "");
  const limit = Math.min(text.length, from + 20_000);
  for (let at = from; at <= limit; at++) {
    if (
      text
        .slice(Math.max(0, at - flat.length - 50), at)
        .replaceAll("\n", "")
        .endsWith(flat)
    )
      return at;
  }
  return Math.min(from, text.length);
}
