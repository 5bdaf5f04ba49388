import assert from "node:assert/strict";
import type { Value } from "../../../src/base/value.ts";
import hostname from "../../../src/modules/system/hostname.ts";
import sysctl, { editText } from "../../../src/modules/system/sysctl.ts";
import { folder, planOn, short, textFile } from "./table.ts";

const path = "/etc/sysctl.d/99-provision.conf";
const linux = { "kernel_param kern/ostype": "absent -", "file /etc/sysctl.d": folder, "file /etc": folder };
const plan = (args: { [name: string]: Value }, state: Record<string, string>) =>
  planOn(sysctl, args, { ...linux, ...state });

describe("modules/system/sysctl", () => {
  it("edits the line it is about", () => {
    const key = "net/ipv4/ip_forward";
    assert.equal(editText("", key, "1"), "net.ipv4.ip_forward = 1\n");
    assert.equal(editText("# a\nvm.x=1", key, "1"), "# a\nvm.x=1\nnet.ipv4.ip_forward = 1\n");
    assert.equal(editText("net.ipv4.ip_forward=1\n", key, "1"), "net.ipv4.ip_forward=1\n");
    assert.equal(editText("a=1\n-net/ipv4/ip_forward = 0\nb=2\n", key, "1"), "a=1\nnet.ipv4.ip_forward = 1\nb=2\n");
    assert.equal(editText("net.ipv4.ip_forward=1\nnet.ipv4.ip_forward=0\n", key, "1"), "net.ipv4.ip_forward=1\n");
    assert.equal(editText("a=1\nnet.ipv4.ip_forward=1\n", key, undefined), "a=1\n");
    assert.equal(editText("# net.ipv4.ip_forward=1\n", key, undefined), "# net.ipv4.ip_forward=1\n");
    assert.equal(
      editText("net.ipv4.tcp_rmem = 1\t2 3\n", "net/ipv4/tcp_rmem", "1 2 3"),
      "net.ipv4.tcp_rmem = 1\t2 3\n",
    );
  });

  it("sets the kernel and the file", () => {
    const made = plan({ name: "net.ipv4.ip_forward", value: 1 }, { "kernel_param net/ipv4/ip_forward": "set 0" });
    assert.deepEqual(short(made).differs, [
      `state of ${path}: absent → file`,
      `content of ${path}:  → net.ipv4.ip_forward = 1\n`,
      "value of net.ipv4.ip_forward: 0 → 1",
    ]);
    assert.match(made.change?.apply.text ?? "", /kernel_param_set net\/ipv4\/ip_forward 1$/);
    assert.deepEqual(short(made).becomes?.["kernel_param net/ipv4/ip_forward"], { state: "set", value: "1" });
    assert.ok(made.change?.touches?.some((touch) => typeof touch !== "string" && touch.below === "net/ipv4/conf"));
  });

  it("leaves alone what is right", () => {
    const state = { "kernel_param vm/swappiness": "set 10", ...textFile(path, "vm.swappiness=10\n") };
    assert.deepEqual(short(plan({ name: "vm.swappiness", value: "10" }, state)), {});
    assert.deepEqual(
      short(
        plan({ name: "vm.swappiness", value: 10, reload: false }, { ...state, "kernel_param vm/swappiness": "set 60" }),
      ),
      {},
    );
  });

  it("uses the one file that OpenBSD reads", () => {
    const state = {
      "kernel_param kern/ostype": "set OpenBSD",
      "kernel_param net/inet/ip/forwarding": "set 1",
      ...textFile("/etc/sysctl.conf", ""),
    };
    const change = plan({ name: "net.inet.ip.forwarding", value: 1 }, state).change;
    assert.equal(change?.differs[0]?.of, "/etc/sysctl.conf");
  });

  it("makes the folder of its own file", () => {
    const made = plan(
      { name: "vm.swappiness", value: 10 },
      { "kernel_param vm/swappiness": "set 10", "file /etc/sysctl.d": "absent - - - - - - - - - -" },
    );
    assert.match(made.change?.apply.text ?? "", /^file_new_folder \/etc\/sysctl\.d 0755\n/);
  });

  it("removes the line and leaves the kernel alone", () => {
    const state = { "kernel_param vm/swappiness": "set 10", ...textFile(path, "a=1\nvm.swappiness=10\n") };
    const removed = plan({ name: "vm.swappiness", state: "absent" }, state);
    assert.doesNotMatch(removed.change?.apply.text ?? "kernel_param_set", /kernel_param_set/);
    assert.deepEqual(
      short(plan({ name: "vm.swappiness", state: "absent" }, { "kernel_param vm/swappiness": "set 10" })),
      {},
    );
  });

  it("says what the kernel does not have", () => {
    const state = { "kernel_param net/bridge/x": "absent -" };
    assert.equal(
      plan({ name: "net.bridge.x", value: 1 }, state).fail,
      "the kernel has no parameter net.bridge.x; does a module have to be loaded first?",
    );
    const written = plan({ name: "net.bridge.x", value: 1, ignoreerrors: true }, state);
    assert.match(written.warnings?.[0] ?? "", /only .* is written/);
    assert.ok(written.change);
    assert.match(plan({ name: "net.bridge.x" }, state).fail ?? "", /`value` is missing/);
    assert.match(plan({ name: "../../etc/passwd", value: 1 }, {}).fail ?? "", /is no name of a kernel parameter/);
    assert.match(plan({ name: "net/../../x", value: 1 }, {}).fail ?? "", /is no name of a kernel parameter/);
    assert.match(plan({ name: "a.b", value: "1\n2" }, {}).fail ?? "", /one line/);
  });
});

describe("modules/system/hostname", () => {
  const named = (name: string, line: string) => short(planOn(hostname, { name }, { "hostname hostname": line }));

  it("sets the name now and at boot", () => {
    assert.deepEqual(named("pi-1", "pi-1 pi-1"), {});
    assert.deepEqual(named("pi-1", "pi-1 -").differs, ["hostname at boot: null → pi-1"]);
    assert.deepEqual(named("pi-1", "debian debian"), {
      differs: ["hostname: debian → pi-1", "hostname at boot: debian → pi-1"],
      apply: "hostname_set pi-1",
      becomes: { "hostname hostname": { running: "pi-1", boot: "pi-1" } },
    });
  });

  it("refuses what is no host name", () => {
    for (const name of ["a b", "-a", "a_b", "x".repeat(65), "a..b", "$(reboot)"])
      assert.match(named(name, "a a").fail ?? "", /is no host name/, name);
  });
});
