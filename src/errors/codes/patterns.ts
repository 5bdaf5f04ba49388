import type { CodePage } from "./code-page.ts";

/** Codes of faults in patterns and names of hosts. */
export const patternCodes = {
  "pattern-no-match": {
    title: "A part of a pattern matches nothing",
    page: `A warning. A host pattern or \`--limit\` names something that is neither a host nor a group, or an index that is
beyond the end. The other parts still count; a part with \`!\` that matches nothing excludes nothing.

    provision check -l 'web:!olld'      # the group is called old
    provision check -l 'web[9]'         # web has three hosts

Correct the name. \`provision inventory --graph\` shows what there is. When no host is left at all, the run ends.`,
  },
  "pattern-syntax": {
    title: "A host pattern cannot be read",
    page: `A pattern is terms with \`:\` or \`,\` between them.

    web:db              hosts of either         web:!old      without those of old
    web:&fra            hosts of both           web*          names that match
    ~^web[0-9]+$        a regular expression    web[0]  web[-1]  web[1:3]  by position

First all plain terms are put together, then each \`&\` narrows, then each \`!\` removes. Regular expressions begin with
\`~\`, match from the beginning of the name, and have no backreferences and no lookaround, so that they cannot hang: write
\`all:!~^old\` instead of \`~^(?!old)\`.`,
  },
  "pattern-file": {
    title: "A file of host names cannot be read",
    page: `\`--limit @FILE\` reads host names from a file, one a line; empty lines and lines with \`#\` do not count.
\`@failed\` stands for the file that the last run wrote for hosts that failed or were unreachable.

    provision apply inventory.yml -l @todo.txt

Check the path. Without a run that failed there is nothing behind \`@failed\`.`,
  },
  "unknown-host": {
    title: "There is no such host",
    page: `A command asks for one host by name, and the inventory has none of that name. Groups and patterns are not taken here.

    provision inventory --host pi1      # the host is called pi-1

Write the name that the hint gives; \`provision inventory --hosts all\` prints all of them.`,
  },
} satisfies Record<string, CodePage>;
