/** A piece of Jinja in a text: where, and how it is written here. */
export interface Jinja {
  message: string;
  hint: string;
  start: number;
  end: number;
}

/** Statements and comments of Jinja, which would otherwise be printed as they are. */
export function findJinjaBlock(text: string): Jinja | undefined {
  const statement = /(?<!\{)\{%[-+]?\s*(\w+)([^%]*?)[-+]?%\}/.exec(text);
  if (statement !== null) {
    const [written, word = "", rest = ""] = statement;
    return {
      message: `\`{% ${word} %}\` is Jinja`,
      hint: translateStatement(word, rest.trim()),
      start: statement.index,
      end: statement.index + written.length,
    };
  }
  const comment = /(?<![{$\w])\{#(?![{])[^\n]*?#\}/.exec(text);
  if (comment === null) return undefined;
  return {
    message: "`{# #}` is a comment of Jinja",
    hint: "write {{!-- comment --}}",
    start: comment.index,
    end: comment.index + comment[0].length,
  };
}

function translateStatement(word: string, rest: string): string {
  const loop = /^(\w+)\s+in\s+([\w.]+)$/.exec(rest);
  const pair = /^(\w+)\s*,\s*(\w+)\s+in\s+([\w.]+)\.items\(\)$/.exec(rest);
  if (word === "for" && pair !== null) return `write {{#each ${pair[3]} as |${pair[2]} ${pair[1]}|}} … {{/each}}`;
  if (word === "for" && loop !== null) return `write {{#each ${loop[2]} as |${loop[1]}|}} … {{/each}}`;
  if (word === "for") return "write {{#each list as |item|}} … {{/each}}";
  if (word === "if" && /^[\w.]+$/.test(rest)) return `write {{#if ${rest}}} … {{/if}}`;
  if (word === "if") return "write {{#if name}} … {{/if}}, with (eq a b), (and a b), (not a) for what is compared";
  if (word === "elif") return "write {{else if name}}";
  if (word === "else") return "write {{else}}";
  if (word === "endif") return "write {{/if}}";
  if (word === "endfor") return "write {{/each}}";
  if (word === "raw" || word === "endraw") return "write {{{{raw}}}} … {{{{/raw}}}}";
  if (word === "set") return "compute it in a variable with !expr";
  return "templates are Handlebars: {{#if}}, {{#each}}, {{#with}}";
}

/** What is Jinja inside of the `{{ }}` at or around an offset where the parser gave up. */
export function findJinjaExpression(text: string, offset: number): Jinja | undefined {
  const start = text.lastIndexOf("{{", Math.max(offset, 0) + 1);
  if (start < 0) return undefined;
  const close = text.indexOf("}}", start);
  const end = close < 0 ? Math.min(text.length, start + 200) : close + 2;
  const inner = text.slice(start + 2, close < 0 ? end : close).trim();
  const found = translateExpression(inner);
  return found === undefined ? undefined : { ...found, start, end };
}

function translateExpression(inner: string): { message: string; hint: string } | undefined {
  const filter = /^([\w.]+)\s*\|\s*(\w+)\s*(?:\(\s*(.*?)\s*\))?$/.exec(inner);
  if (filter !== null) {
    const [, name = "", word = "", rawArgument] = filter;
    const argument = rawArgument?.replace(/^'(.*)'$/, '"$1"');
    const known = FILTERS[word];
    const hint =
      known === undefined
        ? `write {{${word} ${name}}} if there is such a helper, or compute it with !expr`
        : `write {{${known(name, argument)}}}`;
    return { message: `\`| ${word}\` is a filter of Jinja`, hint };
  }
  const host = /^hostvars\[\s*(['"]?)([^\]'"]+)\1\s*\](?:\.([\w.]+)|\[['"](\w+)['"]\])?$/.exec(inner);
  if (host !== null) {
    const quoted = host[1] === "" ? host[2] : `"${host[2]}"`;
    const rest = host[3] ?? host[4];
    return {
      message: "`hostvars` is called hosts here",
      hint: `write {{get hosts ${quoted}${
        rest === undefined
          ? ""
          : rest
              .split(".")
              .map((key) => ` "${key}"`)
              .join("")
      }}}`,
    };
  }
  const index = /^([\w.]+)\[\s*(?:(\d+)|['"]([^'"]+)['"]|([\w.]+))\s*\]$/.exec(inner);
  if (index !== null) {
    const [, name, number, key, variable] = index;
    if (number !== undefined) return { message: "`[ ]` is not used in text", hint: `write {{${name}.[${number}]}}` };
    if (key !== undefined)
      return {
        message: "`[ ]` is not used in text",
        hint: `write {{${name}.${/^\w+$/.test(key) ? key : `[${key}]`}}}`,
      };
    return { message: "`[ ]` is not used in text", hint: `write {{get ${name} ${variable}}}` };
  }
  if (/\|\s*\w+/.test(inner) && !/\bas\s+\|/.test(inner))
    return {
      message: "filters (`|`) are Jinja",
      hint: 'put helpers around it: {{join (sort list) ","}}, or compute it with !expr',
    };
  if (/[-+*/%<>=~]=?\s|==|\bif\b.*\belse\b|\bnot\b|\band\b|\bor\b|\(/.test(inner))
    return {
      message: "text has helpers, no operators",
      hint: "write (eq a b), (and a b), (not a), or compute the value with !expr",
    };
  if (/\[/.test(inner))
    return { message: "`[ ]` is not used in text", hint: "write {{list.[0]}}, {{map.key}} or {{get map key}}" };
  return undefined;
}

const FILTERS: { readonly [name: string]: (name: string, argument: string | undefined) => string } = {
  default: (name, argument) => `default ${name} ${argument ?? '""'}`,
  d: (name, argument) => `default ${name} ${argument ?? '""'}`,
  join: (name, argument) => `join ${name} ${argument ?? '""'}`,
  lower: (name) => `lowerAscii ${name}`,
  upper: (name) => `upperAscii ${name}`,
  trim: (name) => `trim ${name}`,
  length: (name) => `size ${name}`,
  count: (name) => `size ${name}`,
  to_json: (name) => `json ${name}`,
  to_nice_json: (name) => `json ${name} 2`,
  tojson: (name) => `json ${name}`,
  to_yaml: (name) => `yaml ${name}`,
  to_nice_yaml: (name) => `yaml ${name}`,
  quote: (name) => `shellQuote ${name}`,
  indent: (name, argument) => `indent ${name} ${argument?.split(",")[0] ?? "4"}`,
  replace: (name, argument) =>
    `replace ${name} ${
      argument
        ?.replaceAll("'", '"')
        .split(",")
        .map((part) => part.trim())
        .join(" ") ?? ""
    }`,
  b64encode: (name) => `base64.encode ${name}`,
  first: (name) => `${name}.[0]`,
  sort: (name) => `join (sort ${name}) ","`,
  unique: (name) => `join (distinct ${name}) ","`,
};
