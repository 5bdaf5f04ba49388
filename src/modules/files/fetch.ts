import { fileContent } from "../../resources/file-content.ts";
import { file } from "../../resources/file.ts";
import type { Ref } from "../../resources/resource.ts";
import { arg } from "../args.ts";
import { defineModule, type Plan } from "../module.ts";
import { baseName, followLinks } from "./links.ts";

export default defineModule({
  name: "fetch",
  summary: "Brings a file of the host to the controller.",
  notes: "Files of up to 10 MiB.",
  args: {
    src: arg.path("The file on the host.", { required: true }),
    dest: arg.string(
      "A folder of the controller, below which it comes as `HOST/PATH`; with `flat` the file itself, or its folder with a slash at the end.",
      { required: true },
    ),
    flat: arg.bool("`dest` is taken as it is: no folders for host and path are made below it.", { default: false }),
    fail_on_missing: arg.bool("Whether a file that is not there is a mistake.", { default: true }),
  },
  examples: [
    {
      title: "A key that was made on the host",
      yaml: '- fetch: {src: /etc/machine-id, dest: "fetched/{{host.name}}/machine-id", flat: true}',
    },
  ],
  needs: (args) => [file(args.src), fileContent(args.src)] as Ref[],
  plan(args, see, host): Plan {
    const { path, state } = followLinks(args.src, see);
    const why =
      state.type === "absent"
        ? `${path} does not exist`
        : state.type === "file"
          ? undefined
          : `${path} is not a regular file (${state.type})`;
    if (why !== undefined)
      return args.fail_on_missing || state.type === "denied" ? { fail: why } : { result: { msg: why } };
    const content = fileContent(path);
    const { state: found } = see(content);
    if (found === "large") return { fail: `${path} is larger than 10 MiB` };
    if (found !== "regular") return { fail: `${path} cannot be read` };
    const given = String(args.dest);
    if (!args.flat && host.name === undefined)
      return { fail: "flat: true is needed here: the host's name is not known" };
    const below = `${given.replace(/\/+$/, "")}/${host.name ?? ""}${args.src}`;
    const inFolder = given.endsWith("/") ? given + baseName(args.src) : given;
    const dest = args.flat ? inFolder : below;
    return {
      result: { dest },
      change: {
        differs: [{ what: "copy on the controller", of: dest, before: null, after: `${state.size ?? 0} bytes` }],
        apply: { text: "", blobs: [] },
        becomes: [],
        always: true,
        save: { path: dest, content: content },
      },
    };
  },
});
