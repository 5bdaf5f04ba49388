import { Secret } from "../../base/secret.ts";
import { creator } from "../../resources/creator.ts";
import { file } from "../../resources/file.ts";
import { fileHash } from "../../resources/file-hash.ts";
import type { Ref } from "../../resources/resource.ts";
import { arg } from "../args.ts";
import { defineModule } from "../module.ts";
import { attributeArgs, ownerMistake, ownerNeeds } from "./attributes.ts";
import { blobOfText } from "./blob.ts";
import { asPlan } from "./change.ts";
import { planOneFile } from "./copy-one.ts";
import { baseName, parentOf } from "./links.ts";
import { showMode } from "./mode.ts";
import { validateArg, validationMistake } from "./validation.ts";

const newlines: { [spelling: string]: string } = {
  "\n": "\n",
  "\r\n": "\r\n",
  "\r": "\r",
  "\\n": "\n",
  "\\r\\n": "\r\n",
  "\\r": "\r",
};

export default defineModule({
  name: "template",
  summary: "Renders a template of the controller and puts the text on the host.",
  notes:
    "The text is written as `copy` writes: beside the old, checked by `validate`, then put in its place in one step.",
  args: {
    src: arg.template("The template, looked for in `templates/`.", { required: true }),
    dest: arg.path("Where the text is to be; a folder takes the template's name.", { required: true }),
    ...attributeArgs,
    mode: { ...attributeArgs.mode, choices: ["preserve"] },
    force: arg.bool("Replace a file that has other content.", { default: true }),
    backup: arg.bool("Keep a copy of the old file beside it.", { default: false }),
    validate: validateArg,
    follow: arg.bool("Write to what a link at `dest` leads to, instead of replacing the link.", { default: false }),
    newline_sequence: arg.choice(Object.keys(newlines), "What ends the lines of the text.", { default: "\n" }),
  },
  validate(args) {
    const mistake = validationMistake(args.validate);
    return mistake === undefined ? [] : [mistake];
  },
  examples: [
    {
      title: "A configuration, checked before it is used",
      yaml: "- template: {src: bgpd.conf, dest: /etc/bgpd.conf, mode: '0600', validate: 'bgpd -nf %s'}",
      only: "doc",
    },
  ],
  needs(args) {
    const inside = `${args.dest}/${baseName(args.src.name)}`;
    const refs: Ref[] = [file(args.dest), fileHash(args.dest), file(parentOf(args.dest)), creator, ...ownerNeeds(args)];
    if (args.dest.endsWith("/")) refs.push(file(inside), fileHash(inside));
    return refs;
  },
  plan(args, see, host) {
    const { src } = args;
    const noOwner = ownerMistake(args, see);
    if (noOwner !== undefined) return { fail: noOwner };
    const newline = newlines[args.newline_sequence] ?? "\n";
    const ended = (text: string): string => text.replace(/\r\n|\r|\n/g, newline);
    const content = blobOfText(src.text instanceof Secret ? new Secret(ended(src.text.reveal())) : ended(src.text));
    const mode = args.mode === "preserve" ? showMode(src.mode) : args.mode;
    return asPlan(
      planOneFile({ ...args, mode, name: baseName(src.name), content, wrong: () => undefined }, see, host),
      args.dest,
      args.force,
    );
  },
});
