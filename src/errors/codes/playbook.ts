import type { CodePage } from "./code-page.ts";

/** Codes of faults in playbooks, roles and tasks. */
export const playbookCodes = {
  "unknown-argument": {
    title: "A module has no argument of this name",
    page: `A task gives its module an argument that the module does not know: a slip of the pen, or the name another
tool uses for it. Nothing is ignored silently, because an ignored \`mod: "0600"\` would leave a key readable.

\`\`\`yaml
- file:
    path: /etc/app.key
    mod: "0600"        # the argument is called mode
\`\`\`

Write the name that the hint gives. \`provision doc file\` lists the arguments of a module with their types and
defaults. What belongs to the task and not to the module (\`when\`, \`become\`, \`environment\`) stands beside the
module's name, not below it.`,
  },
  "missing-argument": {
    title: "A module misses an argument that it needs",
    page: `The module cannot do anything without this argument, and it has no default.

\`\`\`yaml
- copy:
    content: hello     # and where to? dest is missing
\`\`\`

Give the argument. \`provision doc MODULE\` shows which ones are required.`,
  },
  "wrong-argument": {
    title: "The value of an argument is not what the module takes",
    page: `The value has another type than the argument, or is not one of the values that it can have.

\`\`\`yaml
- file:
    path: etc/app      # not absolute: the host has no working directory of yours
    mode: 0644         # YAML reads a number; quote it: "0644"
    state: dir         # one of absent, directory, file, link, …
- service:
    name: nginx
    enabled: yes       # text in YAML 1.2; write true
\`\`\`

The message says what was found and what is expected; the hint says what to write. Values that are computed
(\`{{…}}\`, \`!expr\`) are checked the same way as soon as they are known.`,
  },
  "argument-twice": {
    title: "An argument is given under two of its names",
    page: `Some arguments have a second name that people are used to: \`path\` and \`dest\`, say. A task may use either
but not both, even with the same value: it would not be clear which one counts.

\`\`\`yaml
- file:
    path: /srv/a
    dest: /srv/b
\`\`\`

Keep one of the two.`,
  },
  "argument-conflict": {
    title: "The arguments of a module do not go together",
    page: `Each argument is right by itself, but together they say two things, or leave out what one of them needs.

\`\`\`yaml
- command:
    cmd: make install
    argv: [make, install]   # two commands
\`\`\`

The message names the arguments. Remove one, or add the one that is missing.`,
  },
} satisfies Record<string, CodePage>;
