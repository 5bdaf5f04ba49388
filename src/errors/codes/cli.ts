import type { CodePage } from "./code-page.ts";

/** Codes of mistakes on the command line and in provision.yml. */
export const cliCodes = {
  "bad-option": {
    title: "An option has a value that it cannot have",
    page: `An option was given a value outside of what it takes. The message names where the value came from: the command line,
a variable of the environment (\`PROVISION_FORKS\`), or a line of \`provision.yml\`.

    provision apply --forks many       # a whole number from 1
    PROVISION_DIFF=perhaps provision check

Correct the value there. \`provision config\` lists every option with its value and where it comes from;
\`provision COMMAND --help\` says what each takes.`,
  },
  "bad-usage": {
    title: "The command line is not complete or contradicts itself",
    page: `The words of the command are known, but something is missing or two of them exclude each other.

    provision eval web1                # which expression?
    provision do web package           # module arguments are NAME=VALUE

\`provision COMMAND --help\` shows what the command takes, with examples.`,
  },
  "no-inventory": {
    title: "No inventory was given and none was found",
    page: `A command needs to know the hosts. The inventory is the first argument or \`-i\`; without one it is \`inventory\` of
\`provision.yml\`, else \`inventory.yml\` or \`inventory/\`, looked for in this folder and those above it.

    provision check inventory.yml
    provision facts -i hosts/ web1
    provision facts -i 'web1,web2,'    # a list of hosts; the comma makes it one

Give one, or change to the folder of your project.`,
  },
  "no-hosts": {
    title: "No host is left to work on",
    page: `The patterns of the plays, \`--limit\` and \`--role\` together leave no host. Doing nothing and calling it success would
hide a slip of the pen.

    provision apply inventory.yml --limit wbe

\`provision inventory --hosts PATTERN\` shows what a pattern means; \`provision list hosts\` the hosts of each play.`,
  },
  "unknown-page": {
    title: "There is no documentation of that name",
    page: `\`provision doc\` knows the modules, the roles, the facts and the functions.

    provision doc              # all modules
    provision doc copy
    provision doc role base
    provision doc facts
    provision doc functions

The hint gives the nearest name.`,
  },
  "unknown-code": {
    title: "There is no error code of that name",
    page: `Codes stand in brackets at the end of the first line of an error.

    error: unknown argument "mod" of file [unknown-argument]

    provision explain unknown-argument

\`provision explain\` alone lists all codes.`,
  },
  "no-start-at-task": {
    title: "A run cannot start in the middle",
    page: `Other tools offer to start at a task because going through everything before it is slow. Here a host that is right
costs one read, whatever the number of steps: start from the beginning, and only what differs is done.

    provision apply inventory.yml --role k3s      # one role
    provision apply inventory.yml --tags conf     # tasks with a tag
    provision apply inventory.yml --limit @failed # hosts that failed last time`,
  },
} satisfies Record<string, CodePage>;
