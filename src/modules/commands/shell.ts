import { blobOf } from "../../base/blob.ts";
import { Secret } from "../../base/secret.ts";
import { type Shell, sh } from "../../base/shell.ts";
import type { Invocation } from "../../resources/shell-words.ts";
import { type ArgsOf, arg } from "../args.ts";
import { defineModule } from "../module.ts";
import { checkNeeded, planRun, runArgs, runNeeds, validateRun } from "./run.ts";

const args = {
  cmd: arg.string("Shell text: variables, pipes and redirections as usual.", { required: true }),
  executable: arg.path("Another shell than /bin/sh: `/bin/bash`."),
  ...runArgs,
};

export default defineModule({
  name: "shell",
  summary: "Run shell text on the host, when it is needed.",
  notes: `As \`command\`, but the text goes to \`/bin/sh\` (or \`executable\`). A value of the inventory that is put into the text with \`{{…}}\` is read as
shell: write \`{{shellQuote path}}\`, or give it in the task's \`environment\` and write \`"$PATH_OF_IT"\`. The status is that of the last command; \`set -e\` as the first line
makes it that of the first one that fails.`,
  args,
  bare: "cmd",
  examples: [
    {
      title: "A pipe, once",
      yaml: "- shell:\n    cmd: sort </tmp/example-names | uniq >/tmp/example-sorted\n    creates: /tmp/example-sorted\n",
      before: "printf 'b\\na\\na\\n' >/tmp/example-names && rm -f /tmp/example-sorted",
    },
    {
      title: "A value from the inventory, safely",
      yaml: '- shell:\n    cmd: printf \'%s\\n\' "$GREETING" >/tmp/example-greeting\n    unless: test "$(cat /tmp/example-greeting 2>/dev/null)" = "$GREETING"\n  environment: {GREETING: "it\'s me"}\n',
      before: "rm -f /tmp/example-greeting",
    },
    { title: "Only looks", yaml: "- shell: {cmd: 'df -P / | tail -n 1', read_only: true}\n  register: root_disk\n" },
  ],
  checkGiven: (given) => checkNeeded("shell", given),
  validate(given) {
    if (given.cmd !== undefined && !(given.cmd instanceof Secret) && given.cmd.trim() === "")
      return ["the command is empty"];
    return validateRun("shell", given);
  },
  needs(given, host) {
    const run = invocation(given);
    return run === undefined ? [] : runNeeds(given, run, host);
  },
  plan(given, see, host) {
    const run = invocation(given);
    if (run === undefined)
      return {
        fail: "a secret is in the shell text, which every user of the host can read: give it in stdin or in the task's environment",
      };
    return planRun(given, run, program(run), see, host);
  },
});

function invocation(given: ArgsOf<typeof args>): Invocation | undefined {
  if (given.cmd instanceof Secret || given.unless instanceof Secret || given.only_if instanceof Secret)
    return undefined;
  const run: Invocation = { shell: given.cmd };
  if (given.executable !== undefined) run.executable = given.executable;
  if (given.chdir !== undefined) run.chdir = given.chdir;
  return run;
}

/** A long text comes as a file: one argument is capped at 128 KiB on Linux. */
function program(run: Invocation): Shell {
  const text = run.shell ?? "";
  const executable = run.executable ?? "/bin/sh";
  return text.length > 30_000 ? sh`exec ${executable} ${{ blob: blobOf(text) }}` : sh`exec ${executable} -c ${text}`;
}
