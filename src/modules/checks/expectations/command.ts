import { textOf } from "../../../resources/capture.ts";
import { commandOutput } from "../../../resources/command.ts";
import type { Ref } from "../../../resources/resource.ts";
import { type Invocation, showInvocation } from "../../../resources/shell-words.ts";
import { arg } from "../../args.ts";
import type { HostView } from "../../module.ts";
import { SplitMistake, splitWords } from "../../commands/split.ts";
import { defineExpectation, Unmet } from "./expectation.ts";
import { checkText, excerpt, textKeys } from "./text.ts";

export const commandExpectation = defineExpectation({
  doc: "Programs that only look; they run in check too, as the step's user.",
  bare: "cmd",
  keys: {
    cmd: arg.string("The command line, split as by the module `command`."),
    argv: arg.list(arg.string("One word."), "The words of the command, nothing split."),
    shell: arg.string("Text for /bin/sh."),
    chdir: arg.path("Folder to run in."),
    rc: arg.int("The exit status.", { default: 0 }),
    stdout: arg.string("All of its output, without the newlines at the end."),
    ...textKeys,
  },
  validate(expected) {
    const given = [expected.cmd, expected.argv, expected.shell].filter((one) => one !== undefined);
    if (given.length !== 1) return ["a command is given by one of cmd, argv and shell"];
    try {
      return expected.cmd !== undefined && splitWords(String(expected.cmd)).length === 0
        ? ["the command is empty"]
        : [];
    } catch (error) {
      if (error instanceof SplitMistake) return [error.message];
      throw error;
    }
  },
  needs: (expected, host) => [commandOutput(invocation(expected, host)) as unknown as Ref],
  unmet(expected, see, host) {
    const run = invocation(expected, host);
    const unmet = new Unmet(showInvocation(run));
    const seen = see(commandOutput(run));
    const stdout = textOf(seen.stdout).replace(/[\r\n]+$/, "");
    if (seen.rc !== expected.rc) {
      const said = textOf(seen.stderr).trim() === "" ? "" : `, which said ${excerpt(textOf(seen.stderr))}`;
      return unmet.add(`expected rc ${expected.rc}, found ${seen.rc}${said}`).list;
    }
    if (expected.stdout !== undefined && String(expected.stdout).replace(/[\r\n]+$/, "") !== stdout) {
      unmet.add(`expected the output ${excerpt(String(expected.stdout))}, found ${excerpt(stdout)}`);
    }
    checkText(unmet, "the output", stdout, expected);
    return unmet.list;
  },
});

interface Named {
  cmd?: string | object | undefined;
  argv?: readonly (string | object)[] | undefined;
  shell?: string | object | undefined;
  chdir?: string | undefined;
}

function invocation({ cmd, argv, shell, chdir }: Named, host: HostView): Invocation {
  const open = Object.entries(host.environment ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  const run: Invocation = chdir === undefined ? {} : { chdir };
  if (open.length > 0) run.environment = Object.fromEntries(open);
  if (shell !== undefined) return { ...run, shell: String(shell) };
  return { ...run, argv: cmd === undefined ? (argv ?? []).map(String) : splitWords(String(cmd)) };
}
