import type { Ref } from "../../resources/resource.ts";
import { type ArgSpec, arg } from "../args.ts";
import { defineModule } from "../module.ts";
import { groupExpectation, userExpectation } from "./expectations/account.ts";
import { commandExpectation } from "./expectations/command.ts";
import type { Expectation } from "./expectations/expectation.ts";
import { fileExpectation } from "./expectations/file.ts";
import { httpExpectation } from "./expectations/http.ts";
import { kernelParamExpectation, routeExpectation } from "./expectations/kernel.ts";
import { mountExpectation } from "./expectations/mount.ts";
import { packageExpectation } from "./expectations/package.ts";
import { portExpectation } from "./expectations/port.ts";
import { processExpectation } from "./expectations/process.ts";
import { serviceExpectation } from "./expectations/service.ts";

const kinds = {
  file: fileExpectation,
  package: packageExpectation,
  service: serviceExpectation,
  port: portExpectation,
  process: processExpectation,
  command: commandExpectation,
  http: httpExpectation,
  user: userExpectation,
  group: groupExpectation,
  mount: mountExpectation,
  route: routeExpectation,
  kernel_param: kernelParamExpectation,
} satisfies Record<string, Expectation>;
const names = Object.keys(kinds) as (keyof typeof kinds)[];
type Kinds = { [K in keyof typeof kinds]: ArgSpec<object[] | undefined> };
const specs = Object.fromEntries(names.map((name) => [name, kinds[name].spec])) as Kinds;

export default defineModule({
  name: "expect",
  summary: "Look at the host and fail where it is not as expected; never a change.",
  notes: `One task may expect several things, of one kind or of several: each key takes one or a list. A value alone names the
thing (\`service: nginx\`, \`port: 22\`). Everything that is not as expected is listed: what was expected, what was found. With \`within: 30s\` the
host is looked at again, \`every\` second, until all is as expected or the time is over. Preflight and verify steps of roles are made of these.`,
  args: {
    ...specs,
    within: arg.duration("How long to wait for it; looked at once without."),
    every: arg.duration("Time between two looks.", { default: 1 }),
    msg: arg.string("Said first when something is not as expected: what it means, what to do."),
  },
  examples: [
    {
      title: "Several things at once",
      yaml: "- expect:\n    file: {path: /etc/passwd, mode: \"0644\", owner: root, contains: 'root:'}\n    user: {name: root, uid: 0, home: /root}\n    mount: {path: /proc, fstype: proc}\n",
    },
    {
      title: "What must not be",
      yaml: "- expect:\n    file: {path: /etc/nologin, exists: false}\n    port: [{port: 23, listening: false}, {port: 21, listening: false}]\n    msg: this host runs what it should not\n",
    },
    {
      title: "A service that takes a while",
      yaml: "- expect:\n    service: {name: k3s, running: true, enabled: true}\n    port: 6443\n    http: {url: 'https://127.0.0.1:6443/livez', insecure: true, status: [200, 401]}\n    within: 2m\n    every: 2s\n",
      only: "doc",
    },
    {
      title: "The answer of a program, the kernel's routes",
      yaml: "- expect:\n    command: {cmd: uname -s, matches: '^(Linux|OpenBSD)$'}\n    kernel_param: {name: kernel.ostype, value: Linux}\n    route: {to: 192.0.2.0/24, exists: false}\n",
      only: "doc",
    },
  ],
  checkGiven: (given) =>
    names.some((name) => given.has(name)) ? [] : [`expect needs something to look at: ${names.join(", ")}`],
  validate(args) {
    return names.flatMap((name) =>
      (args[name] ?? []).flatMap((one) => kinds[name].validate(one)).map((problem) => `${name}: ${problem}`),
    );
  },
  needs: (args, host): Ref[] =>
    names.flatMap((name) => (args[name] ?? []).flatMap((one) => kinds[name].needs(one, host))),
  plan(args, see, host) {
    const unmet = names.flatMap((name) => (args[name] ?? []).flatMap((one) => kinds[name].unmet(one, see, host)));
    if (unmet.length === 0) return { result: { unmet } };
    const all = unmet.join("; ");
    return { fail: args.msg === undefined ? all : `${String(args.msg)} (${all})`, result: { unmet } };
  },
  wait: ({ within, every }) => (within === undefined ? undefined : { within, every }),
});
