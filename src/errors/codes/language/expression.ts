import type { CodePage } from "../code-page.ts";

/** Codes of expressions (CEL), and of names, which text uses too. */
export const expressionCodes = {
  "expression-syntax": {
    title: "The expression cannot be read",
    page: `Conditions (\`when\`, \`until\`, \`failed_when\`, \`that\` …) and \`!expr\` values are CEL, the Common Expression Language.

    when: facts.os.family == "debian" && !facts.container
    when: "'web' in host.groups"

It has \`== != < <= > >= && || ! + - * / % in\`, \`condition ? a : b\`, lists \`[1, 2]\`, maps \`{"a": 1}\`, and functions. It has no
\`and\`, \`or\`, \`not\`, \`is defined\` and no filters: write \`&&\`, \`||\`, \`!\`, \`has(x.y)\`, and call functions. Expressions
stand without \`{{ }}\`. If YAML takes offence, quote the whole expression in single quotes.`,
  },
  "expression-call": {
    title: "A function is called with the wrong number of arguments",
    page: `The function exists, but not with that many arguments. The hint shows the ways to call it; what stands before the dot
there stands before the dot in the call:

    "a,b".split(",")                    # string.split(string)
    lists.range(3)                      # lists.range(int)
    hosts.exists(h, h == "pi-1")        # a name for the item, then a condition`,
  },
  "expression-type": {
    title: "A value of the wrong type in an expression",
    page: `An operator or a function met a value that it cannot work with: a text where true or false is needed, a key asked of a
number, an item of a list asked by a text.

Nothing is converted silently. Convert with \`int("8080")\`, \`string(80)\`, \`double(1)\`; test with \`size(list) > 0\` instead of
the list itself, and \`text != ""\` instead of the text.`,
  },
  "expression-value": {
    title: "A function or an operator cannot work with these values",
    page: `The expression is right, but the values it met are not: a text that is no address, a division by zero, a position
outside of a list, two types that cannot be added. The message names the values' types or the limit.

Look at what a host sees with \`provision eval HOST 'expression'\`, part by part.`,
  },
  "expression-limit": {
    title: "The expression is too large",
    page: `An evaluation may take two million steps and nest one hundred levels. Nested loops over long lists reach that first.

Move a part into a variable of its own (it is computed once), or filter before combining:
\`a.filter(x, …).map(x, b.filter(y, y.id == x.id))\` instead of trying all pairs.`,
  },
  "expression-not-here": {
    title: "A value cannot be computed here",
    page: `This place needs a value that is known before any host is: a name, a key, a setting of the play. \`!expr\` and \`{{ }}\`
depend on the host and are not possible here.

Write the value itself, or move the decision to a place that is evaluated for each host, such as \`when\` or an argument.`,
  },
  "unknown-function": {
    title: "A function that does not exist",
    page: `There is no function or helper of this name. The hint shows the nearest one, or what a habit from elsewhere is called here
(\`lower\` is \`lowerAscii()\`, \`length\` is \`size()\`, \`items()\` is a macro with two names).

There is no clock and no chance (\`now()\`, \`random()\`): the same files must give the same plan twice.
The same functions are helpers in text: \`{{lowerAscii name}}\`.`,
  },
  "undefined-name": {
    title: "A name that does not exist",
    page: `Text and expressions may use \`host hosts groups roles facts platform\`, the roles' namespaces, own variables, registered
names, and inside of a loop \`item\`. This name is none of them for this host.

A name that exists only for some hosts has to be given for all (in the group \`all\`, or the parameters of a role), or asked for
first. A misspelt name gets the nearest one as a hint. \`provision inventory --host H --explain\` shows every variable of a host
and where it came from.`,
  },
  "undefined-key": {
    title: "A key or an item that does not exist",
    page: `The value is there, but it has no such key, or the list has no such item. The hint names the nearest key.

If the key is optional, say so:

    when: has(k3s.token) && k3s.token != ""
    value: !expr k3s.?token.orValue("none")
    line: "{{default k3s.token 'none'}}"`,
  },
  "optional-unguarded": {
    title: "An optional parameter is used as if it were always there",
    page: `The parameter has no default and is not required, so a host may be without it, and this use would fail there.

Ask first, or give a value for the case:

    when: has(k3s.token)
    value: !expr k3s.?token.orValue("none")
    line: "{{#if k3s.token}}--token {{k3s.token}}{{/if}}"

Or give the parameter a \`default\` in the role's \`meta/main.yml\`, or list it under \`required\`.`,
  },
} satisfies Record<string, CodePage>;
