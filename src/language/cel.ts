import { type ASTNode, Environment, ParseError } from "@marcbachmann/cel-js";

/** A node of a parsed expression, as the library gives it; `start` and `end` are offsets in the source. */
export type CelNode = ASTNode;

/** An expression that is not CEL; offsets in the source. */
export class CelSyntaxError extends Error {
  constructor(
    message: string,
    readonly hint: string | undefined,
    readonly start: number,
    readonly end: number,
  ) {
    super(message);
  }
}

const environment = new Environment({
  homogeneousAggregateLiterals: false,
  enableOptionalTypes: true,
  unlistedVariablesAreDyn: true,
  limits: { maxAstNodes: 20_000, maxDepth: 100, maxListElements: 2000, maxMapEntries: 2000, maxCallArguments: 32 },
});

/**
 * Parses CEL. Only the library's parser is used: our values are lazy, may be secret or unknown, and carry places, so they
 * are evaluated by `cel-evaluate.ts`. Throws CelSyntaxError.
 */
export function parseCel(source: string): CelNode {
  const jinja = likeJinja(source);
  if (jinja !== undefined) throw jinja;
  try {
    return environment.parse(source).ast;
  } catch (error) {
    if (error instanceof RangeError) throw new CelSyntaxError("the expression is nested too deeply", undefined, 0, 1);
    if (!(error instanceof ParseError)) throw error;
    const start = error.range?.start ?? 0;
    const end = error.range?.end ?? start + 1;
    const { message, hint } = inOurWords(error.code, error.summary, source, start);
    throw new CelSyntaxError(message, hint, start, end);
  }
}

/** Tokens by the library's names, as people write them. */
const TOKENS: { readonly [name: string]: string } = {
  EOF: "the end",
  COLON: "`:`",
  RPAREN: "`)`",
  RBRACKET: "`]`",
  RBRACE: "`}`",
  COMMA: "`,`",
  DOT: "`.`",
  LPAREN: "`(`",
  LBRACKET: "`[`",
  LBRACE: "`{`",
  QUESTION: "`?`",
  IDENTIFIER: "a name",
  STRING: "a text",
  NUMBER: "a number",
  PLUS: "`+`",
  MINUS: "`-`",
  MULTIPLY: "`*`",
  DIVIDE: "`/`",
  MODULO: "`%`",
  EQ: "`==`",
  NE: "`!=`",
  LT: "`<`",
  LE: "`<=`",
  GT: "`>`",
  GE: "`>=`",
  AND: "`&&`",
  OR: "`||`",
  NOT: "`!`",
  IN: "`in`",
  BOOLEAN: "a boolean",
  NULL: "`null`",
  BYTES: "bytes",
};

function inOurWords(code: string, summary: string, source: string, start: number): { message: string; hint?: string } {
  const rest = source.slice(start);
  const token = /(?:got|Unexpected token:) (\w+)$/.exec(summary)?.[1] ?? "";
  const expected = /^Expected (\w+)/.exec(summary)?.[1];
  switch (code) {
    case "unexpected_token":
      if (token === "EOF")
        return { message: source.trim() === "" ? "the expression is empty" : "the expression ends too early" };
      return { message: `${TOKENS[token] ?? token} is not expected here` };
    case "expected_token":
      return { message: `${TOKENS[expected ?? ""] ?? expected} is missing before ${TOKENS[token] ?? token}` };
    case "reserved_identifier":
      return { message: `${/^\w+/.exec(rest)?.[0] ?? "this"} is a reserved word and cannot be a name` };
    case "unterminated_string":
    case "unterminated_triple_quoted_string":
      return { message: "the text is not closed with a quote" };
    case "newline_in_string":
      return { message: "a text in single or double quotes must end on its line", hint: 'use """ … """' };
    case "limit_exceeded":
      return { message: "the expression is too large or nested too deeply", hint: "move parts of it into variables" };
    case "invalid_macro_argument":
      return { message: "the first argument has to be a name for the item", hint: "for example: list.map(x, x.name)" };
  }
  const word = /^(and|or|not|is|if|else|for)\b/.exec(rest)?.[1];
  if (word !== undefined)
    return { message: `\`${word}\` is no operator here`, hint: WORDS[word] ?? "conditions are CEL" };
  if (rest.startsWith("=")) return { message: "a single `=` does not compare", hint: "write ==" };
  if (rest.startsWith("&") || rest.startsWith("|"))
    return { message: "this is no operator", hint: "write && or ||; there are no filters: call a function instead" };
  if (code === "unexpected_character") return { message: "this is not expected here" };
  return { message: summary.charAt(0).toLowerCase() + summary.slice(1) };
}

const WORDS: { readonly [word: string]: string } = {
  and: "write &&",
  or: "write ||",
  not: "write !",
  is: "write has(x.y) to ask whether something is there",
  if: "write condition ? value : other",
  else: "write condition ? value : other",
  for: "write list.map(x, …)",
};

/** Habits from Jinja that would otherwise be parsed as something else or give a puzzling error. */
function likeJinja(source: string): CelSyntaxError | undefined {
  const open = /^\s*\{\{/.exec(source);
  if (open !== null) {
    const hint = "an expression stands without {{ }}";
    return new CelSyntaxError("`{{` is for text; this is an expression", hint, open[0].length - 2, open[0].length);
  }
  const not = /^\s*not\s+(?=[\w(])/.exec(source);
  if (not !== null)
    return new CelSyntaxError("`not` is no operator here", "write !", not[0].indexOf("not"), not[0].indexOf("not") + 3);
  return undefined;
}
