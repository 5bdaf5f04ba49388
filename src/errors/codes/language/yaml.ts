import type { CodePage } from "../code-page.ts";

/** Codes of files that cannot be read as YAML, or that would not mean what was meant. */
export const yamlCodes = {
  "yaml-syntax": {
    title: "The file is not valid YAML",
    page: `The file cannot be read as YAML, so nothing of it is used.

The place in the message is where the reader gave up; the mistake is there or a little before. The usual causes are a quote or
a bracket that is not closed, a key that is indented differently from its neighbours, a tab, and a text that has to be quoted:

    motd: Note: read this          # wrong: a second ": " on the line
    motd: "Note: read this"

Texts that begin with one of \`* & ! % @ \\\` { [ > |\` or a quote have to be quoted as well.`,
  },
  "yaml-encoding": {
    title: "The file is not UTF-8 text",
    page: `Inventories, playbooks and templates are read as UTF-8. The bytes at the place of the message are no UTF-8, or the
file begins with the mark of another encoding (UTF-16).

Convert the file, for example with \`iconv -f latin1 -t utf-8 old.yml > new.yml\`. A file that is to be copied to a host
as it is does not have to be text: name it with \`src\` instead of including its content.`,
  },
  "yaml-documents": {
    title: "The file holds several YAML documents",
    page: `A line \`---\` after the first content, or \`...\`, begins a second document. Only one is read from a file, so the rest
would be lost without a word.

Remove the line, or put the second document into a file of its own.`,
  },
  "yaml-limit": {
    title: "The YAML is nested too deeply or expands too far",
    page: `A document may be nested 100 levels deep, and its aliases may stand for at most 200,000 values. More than that is
almost always a mistake or a file that was made to exhaust memory:

    a: &a [x, x, x, x, x, x, x, x]
    b: &b [*a, *a, *a, *a, *a, *a, *a, *a]      # and so on

Write the values out where they are used, or compute them with \`!expr\`.`,
  },
  "yaml-alias": {
    title: "An alias without its anchor",
    page: `\`*name\` stands for the value marked \`&name\`, which has to be complete before it in the same file.

    include: *.conf        # wrong: this is an alias
    include: "*.conf"      # a text

If a text was meant, quote it. If an alias was meant, check the name of the anchor and move the anchor before it.`,
  },
  "yaml-vault": {
    title: "Encrypted values cannot be read yet",
    page: `The tag \`!vault\` marks a value that ansible-vault encrypted. This version does not decrypt them.

Until it does, keep the secret outside of the repository and read it when it is needed:

    token: !expr env("K3S_TOKEN")`,
  },
  "yaml-number": {
    title: "A number that is too large",
    page: `Whole numbers are exact up to 9007199254740991. A larger one would silently lose its last digits.

Identifiers are texts, so quote them:

    account: "12345678901234567890"`,
  },
  "yaml-duplicate-key": {
    title: "A key stands twice in one map",
    page: `Each key of a map may stand there once; otherwise one of the two values would be lost without a word. The message
names both places.

    vars:
      port: 80
      port: 8080      # wrong

Remove one, or move it under the key it belongs to: a wrong indentation is a common cause.`,
  },
  "yaml-braces": {
    title: "A text that begins with {{ is not quoted",
    page: `For YAML \`{\` begins a map, so \`{{ name }}\` without quotes is a map with a map as its key.

    path: {{ home }}/bin      # wrong
    path: "{{ home }}/bin"

Put the whole value in quotes, not only the braces.`,
  },
  "yaml-key": {
    title: "A key that is no plain text",
    page: `Keys are texts; a number as a key is taken as it is written. A list, a map, a tag, an anchor or nothing cannot be a
key.

    ? [a, b]          # wrong
    : 1
    !expr "x": 1      # wrong: keys are never computed

To compute keys compute the whole map: \`!expr list.transformMapEntry(i, x, {x.name: x.value})\`.`,
  },
  "yaml-merge-key": {
    title: "<< does not merge",
    page: `\`<<: *defaults\` merged maps in old YAML. It is no part of YAML 1.2 and is not read here, because variables already
merge: what the group says is laid over what its parent says, key by key.

Put what is shared into the variables of a group (or the defaults of a role) and only the difference beside it. An alias
can still stand for a whole value: \`options: *defaults\`.`,
  },
  "yaml-tag-value": {
    title: "A tag with the wrong kind of value",
    page: `\`!expr\` and \`!raw\` stand before a text, \`!append\` before a list:

    size: !expr 'facts.memory.total / 2'
    format: !raw "{{.Names}}"
    packages: !append [htop]`,
  },
  "yaml-unknown-tag": {
    title: "A tag that does not exist",
    page: `An exclamation mark at the beginning of a value is a YAML tag. There are \`!expr\` (a computed value), \`!raw\` (a text that
is no template) and \`!append\` (items for the list of the layer below).

    when: !facts.container      # wrong: a tag with an empty value
    when: '!facts.container'    # a condition

To negate a condition quote it. Ansible's \`!unsafe\` is \`!raw\` here.`,
  },
  "append-no-list": {
    title: "!append over something that is no list",
    page: `\`!append [x]\` adds items to the list that a lower layer of variables gives. Here the lower layer gives something else,
which the message points to.

Use a list there, or leave out \`!append\` to replace the value. A computed list (\`!expr\`) cannot be added to, because it is
not known when layers merge: write \`!expr other_list + ["x"]\` instead.`,
  },
} satisfies Record<string, CodePage>;
