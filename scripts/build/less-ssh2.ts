import type { Plugin } from "esbuild";

/** Leaves out what ssh2 brings for tunnelling HTTP: nothing here uses it, and it would load Node's http, https and tls at each start. */
export const lessSsh2: Plugin = {
  name: "less-ssh2",
  setup(build) {
    build.onLoad({ filter: /[/\\]ssh2[/\\]lib[/\\]http-agents\.js$/ }, () => ({ contents: "module.exports = {};" }));
  },
};
