import { fileContent } from "../../resources/file-content.ts";
import { file } from "../../resources/file.ts";
import type { Ref } from "../../resources/resource.ts";
import { arg } from "../args.ts";
import { defineModule, type Plan } from "../module.ts";
import { baseName, followLinks } from "./links.ts";

export default defineModule({
  name: "fetch",
  summary: "Brings a file of the host to the controller.",
  notes: "Files of up to 10 MiB. Several hosts need a `dest` of their own: write `{{host.name}}` in it.",
  args: {
    src: arg.path("The file on the host.", { required: true }),
    dest: arg.string("Where it goes on the controller: a file, or a folder with a slash at the end, which takes the file's name.", { required: true }),
    flat: arg.bool("Only true is known: `dest` is taken as it is, no folders for host and path are made below it.", { default: true }),
    fail_on_missing: arg.bool("Whether a file that is not there is a mistake.", { default: true }),
  },
  validate: (args) => (args.flat === false ? ["flat: false is not offered: write dest: \"folder/{{host.name}}/…\""] : []),
  examples: [{ title: "A key that was made on the host", yaml: "- fetch: {src: /etc/machine-id, dest: \"fetched/{{host.name}}/machine-id\"}" }],
  needs: (args) => [file(args.src), fileContent(args.src)] as Ref<object>[] as Ref[],
  plan(args, see): Plan {
    const { path, state } = followLinks(args.src, see);
    const why = state.type === "absent" ? `${path} does not exist` : state.type === "file" ? undefined : `${path} is not a regular file (${state.type})`;
    if (why !== undefined) return args.fail_on_missing || state.type === "denied" ? { fail: why } : { result: { msg: why } };
    const content = fileContent(path);
    const { state: found } = see(content);
    if (found === "large") return { fail: `${path} is larger than 10 MiB` };
    if (found !== "regular") return { fail: `${path} cannot be read` };
    const given = String(args.dest);
    const dest = given.endsWith("/") ? given + baseName(path) : given;
    return {
      result: { dest },
      change: {
        differs: [{ what: "copy on the controller", of: dest, before: null, after: `${state.size ?? 0} bytes` }],
        apply: { text: "", blobs: [] },
        becomes: [],
        always: true,
        save: { path: dest, content: content as unknown as Ref },
      },
    };
  },
});
