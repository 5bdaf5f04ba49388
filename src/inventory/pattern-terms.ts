/** One term of a pattern: what it does, and what names it means. */
export interface Term {
  kind: "add" | "keep" | "remove";
  /** The term without `&` or `!`. */
  text: string;
}

/** Pieces that one name may have: an IPv6 address has at most eight groups, some of them empty. */
const MAX_PIECES = 12;

/**
 * The terms of a pattern, in the order in which they count: first all that add, then `&`, then `!`. A pattern that only
 * narrows begins with `all`. Terms are separated by `,` or `:` outside of brackets; a name of the inventory that holds
 * colons itself (an IPv6 address) is one term.
 */
export function readTerms(pattern: string, isName: (text: string) => boolean): Term[] {
  const terms = splitOutside(pattern, ",")
    .flatMap((part) => splitColons(part, isName))
    .map(readTerm)
    .filter((term) => term.text !== "");
  const adding = terms.filter((term) => term.kind === "add");
  if (adding.length === 0 && terms.length > 0) adding.push({ kind: "add", text: "all" });
  return [
    ...adding,
    ...terms.filter((term) => term.kind === "keep"),
    ...terms.filter((term) => term.kind === "remove"),
  ];
}

function readTerm(text: string): Term {
  const trimmed = text.trim();
  if (trimmed.startsWith("&")) return { kind: "keep", text: trimmed.slice(1).trim() };
  if (trimmed.startsWith("!")) return { kind: "remove", text: trimmed.slice(1).trim() };
  return { kind: "add", text: trimmed };
}

function splitColons(part: string, isName: (text: string) => boolean): string[] {
  const pieces = splitOutside(part, ":");
  const terms: string[] = [];
  for (let start = 0; start < pieces.length; ) {
    let end = Math.min(pieces.length, start + MAX_PIECES);
    while (end > start + 1 && !isName(pieces.slice(start, end).join(":").trim().replace(/^[&!]/, ""))) end -= 1;
    terms.push(pieces.slice(start, end).join(":"));
    start = end;
  }
  return terms;
}

/** Splits at a separator that stands in no brackets; regular expressions use all three kinds, other terms only `[]`. */
function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? "";
    const regex = /^\s*[&!]?~/.test(text.slice(from, from + 8));
    if (regex && char === "\\") at += 1;
    else if (char === "[" || (regex && (char === "(" || char === "{"))) depth += 1;
    else if (char === "]" || (regex && (char === ")" || char === "}"))) depth = Math.max(0, depth - 1);
    else if (char === separator && depth === 0) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(text.slice(from));
  return parts;
}
