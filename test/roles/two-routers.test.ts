import assert from "node:assert/strict";
import { type Lab, startHosts } from "../hosts/hosts.ts";
import { needs } from "../support/need.ts";
import { brokenPromises, nameOf, Provision, withStatus } from "./provision.ts";

interface Neighbour {
  description: string;
  state: string;
  last_updown_sec: number;
  stats: { message: { sent: { open: number } } };
}

describe("roles/two routers", function () {
  needs("root", "mmdebstrap", "systemd-nspawn", "ip", "ssh-keygen", "apt-ftparchive");
  this.timeout(600_000);
  let lab: Lab;
  let provision: Provision;
  let inventory: string[];
  const cleanup: (() => Promise<void> | void)[] = [];

  before(async () => {
    provision = new Provision();
    cleanup.push(() => provision.remove());
    lab = await startHosts(
      [
        { name: "west", suite: "trixie" },
        { name: "east", suite: "trixie" },
        { name: "alone", suite: "trixie" },
      ],
      78,
    );
    cleanup.push(async () => await lab.stop());
    inventory = [provision.example("two-routers.yml"), provision.layer("here", here(["west", "east"]))];
  });
  after(async () => {
    for (const undo of cleanup.reverse()) await undo();
  });

  it("check foretells what the first apply changes, and changes nothing", () => {
    const check = provision.run("check", ...inventory);
    assert.equal(check.code, 2, check.stderr);
    assert.equal(lab.exec("west", "ls /etc/bgpd.conf 2>/dev/null || echo none").trim(), "none");
    const apply = provision.run("apply", ...inventory);
    assert.equal(apply.code, 0, apply.stdout + apply.stderr);
    assert.deepEqual(brokenPromises(check.steps, apply.steps), []);
    assert.deepEqual(
      apply.steps.filter((step) => step.handler === true && step.status === "changed"),
      [],
      "a daemon that starts with its configuration is neither restarted nor reloaded",
    );
  });

  it("the sessions come up, and what each announces is in the other's kernel", async () => {
    await established("west", ["east", "east6"]);
    await established("east", ["west", "west6"]);
    assert.match(lab.exec("west", "ip route show proto bgp"), /^10\.2\.0\.0\/24 via 10\.213\.78\.12 /m);
    assert.match(lab.exec("west", "ip -6 route show proto bgp"), /^fd00:a:2::\/64 via fd77:78::12 /m);
    assert.match(lab.exec("east", "ip route show proto bgp"), /^10\.1\.0\.0\/24 via 10\.213\.78\.11 /m);
    assert.match(lab.exec("east", "ip -6 route show proto bgp"), /^fd00:a:1::\/64 via fd77:78::11 /m);
    assert.equal(
      lab.exec("west", "cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv6/conf/all/forwarding"),
      "1\n1\n",
    );
  });

  it("verify holds", () => {
    const verify = provision.run("verify", ...inventory);
    assert.equal(verify.code, 0, verify.stdout);
    const routes = verify.steps.filter(
      (step) => step.step.startsWith("The kernel has the routes") && step.item !== undefined,
    );
    assert.equal(routes.length, 4);
  });

  it("a second apply changes nothing and restarts nothing", () => {
    const before = runs("west");
    const apply = provision.run("apply", ...inventory);
    assert.equal(apply.code, 0, apply.stderr);
    assert.deepEqual(apply.steps.filter((step) => step.status !== "ok" && step.status !== "skipped").map(nameOf), []);
    assert.equal(runs("west"), before);
  });

  it("another parameter of one neighbour reloads once, and the other session stays", () => {
    const before = runs("west");
    const seen = neighbour("west", "east6");
    const layer = provision.layer("metric", {
      all: { hosts: { west: { openbgpd: { neighbours: { east: { holdtime: 30, max_prefix: 50 } } } } } },
    });
    const apply = provision.run("apply", ...inventory, layer);
    assert.equal(apply.code, 0, apply.stdout);
    assert.deepEqual(changedSteps(apply.steps), ["west Configuration", "west Reload bgpd"]);
    assert.equal(runs("west"), before);
    const now = neighbour("west", "east6");
    assert.equal(now.state, "Established");
    assert.equal(now.stats.message.sent.open, seen.stats.message.sent.open);
    assert.ok(now.last_updown_sec >= seen.last_updown_sec);
    assert.match(lab.exec("west", "bgpctl -j show neighbor 10.213.78.12"), /"holdtime": 30/);
    const back = provision.run("apply", ...inventory);
    assert.deepEqual(changedSteps(back.steps), ["west Configuration", "west Reload bgpd"]);
  });

  it("another router id restarts once, because sessions keep the old one over a reload", async () => {
    const before = runs("west");
    const layer = provision.layer("identity", { all: { hosts: { west: { openbgpd: { router_id: "10.1.0.9" } } } } });
    const apply = provision.run("apply", ...inventory, layer);
    assert.equal(apply.code, 0, apply.stdout);
    assert.deepEqual(changedSteps(apply.steps), ["west Identity of the router", "west Restart bgpd"]);
    assert.notEqual(runs("west"), before);
    await established("west", ["east", "east6"]);
    assert.match(lab.exec("east", "bgpctl -j show neighbor 10.213.78.11"), /"bgpid": "10\.1\.0\.9"/);
  });

  it("a session with a password comes up, and the password is nowhere to be seen", async () => {
    const layer = (east: string): string =>
      provision.layer(
        "password",
        `all: {hosts: {west: {openbgpd: {neighbours: {east: {password: !expr env("BGP_PASSWORD")}}}}, east: {openbgpd: {neighbours: {west: ${east}}}}}}`,
      );
    const plain = provision.run("check", ...inventory, layer("{password: one for both}"));
    assert.equal(plain.code, 1);
    assert.match(plain.stderr, /plain-secret/);
    const one = provision.run("apply", ...inventory, layer("{}"));
    assert.equal(one.code, 1);
    assert.match(one.stderr, /different passwords for their session, or only one of them has one/);
    const both = layer('{password: !expr env("BGP_PASSWORD")}');
    const apply = provision.run("apply", ...inventory, both, "--diff");
    assert.equal(apply.code, 0, apply.stdout);
    for (const { stdout, stderr } of [plain, one, apply]) assert.doesNotMatch(stdout + stderr, /one for both/);
    assert.match(lab.exec("west", "cat /etc/bgpd.conf"), /^\ttcp md5sig password "one for both"$/m);
    assert.equal(lab.exec("west", "stat -c %a /etc/bgpd.conf").trim(), "600");
    // A session that is up keeps going without; the next one has to have it.
    for (const host of ["west", "east"]) lab.exec(host, "systemctl restart openbgpd");
    assert.equal(provision.run("verify", ...inventory, both).code, 0);
    assert.equal(provision.run("apply", ...inventory).code, 0);
  });

  it("a configuration that bgpd refuses never replaces the old one", () => {
    const before = lab.exec("west", "sha256sum /etc/bgpd.conf");
    const layer = provision.layer("wrong", {
      all: { hosts: { west: { openbgpd: { filters: ["allow from nowhere at all"] } } } },
    });
    const apply = provision.run("apply", ...inventory, layer, "--limit", "west");
    assert.equal(apply.code, 3);
    assert.match(apply.stdout, /validation failed/);
    assert.equal(lab.exec("west", "sha256sum /etc/bgpd.conf"), before);
  });

  for (const [what, west, message] of [
    [
      "AS",
      { neighbours: { east: { remote_as: 65009 } } },
      /west expects AS 65009 at east \(east\), whose openbgpd\.as is another/,
    ],
    [
      "port",
      { neighbours: { east: { port: 178 } } },
      /west connects to east \(east\) on a port and address on which that router does not listen/,
    ],
    ["family", { neighbours: { east: { families: ["ipv4", "ipv6"] } } }, /do not carry the same families/],
    ["router id", { router_id: "10.2.0.1" }, /have? the same router_id 10\.2\.0\.1/],
    ["neighbour", { neighbours: { east: { host: "west" } } }, /west has itself as neighbour east/],
    [
      "way back",
      { neighbours: { east: { local_address: "10.9.9.9" } } },
      /no neighbour of that router has the address 10\.9\.9\.9/,
    ],
    ["prefix set", { neighbours: { east: { accept: ["stes"] } } }, /names the prefix set stes/],
    ["address to listen on", { listen: { "10.213.78.300": {} } }, /"10\.213\.78\.300", is no IP address/],
    [
      "network",
      { networks: { "10.1.0.7/24": {} } },
      /10\.1\.0\.7\/24 is announced by west and is not the first address/,
    ],
  ] as const) {
    it(`a wrong ${what} is told before any connection`, () => {
      const layer = provision.layer("broken", {
        all: { hosts: { west: { openbgpd: west } }, vars: { ssh: { port: 9 } } },
      });
      const apply = provision.run("apply", ...inventory, layer);
      assert.equal(apply.code, 1);
      assert.deepEqual(apply.steps, []);
      assert.match(apply.stderr, message);
    });
  }

  it("verify fails where bgpd was stopped by hand, and apply starts it", () => {
    lab.exec("east", "systemctl stop openbgpd");
    const verify = provision.run("verify", ...inventory, "--limit", "east");
    assert.equal(verify.code, 3);
    assert.match(
      verify.steps.find((step) => step.status === "failed")?.error?.message ?? "",
      /openbgpd.*expected running/,
    );
    const apply = provision.run("apply", ...inventory, "--limit", "east");
    assert.deepEqual(changedSteps(apply.steps), ["east Service"]);
  });

  it("another daemon on the port is told before anything changes", () => {
    lab.exec(
      "alone",
      "systemd-run --quiet --unit=squatter perl -MSocket -e 'socket(S,PF_INET,SOCK_STREAM,0);bind(S,sockaddr_in(179,INADDR_ANY));listen(S,1);sleep 600'",
    );
    const alone = provision.layer("alone", {
      all: {
        vars: { ssh: { user: "root", key: lab.keyFile }, base: { time_sync: { manage: false }, hostname: "" } },
        children: {
          openbgpd: {
            hosts: { alone: { ssh: { host: "10.213.78.13" }, openbgpd: { as: 65003, router_id: "10.3.0.1" } } },
          },
        },
      },
    });
    const apply = provision.run("apply", alone);
    lab.exec("alone", "systemctl stop squatter");
    assert.equal(apply.code, 3);
    assert.match(apply.stdout, /something other than bgpd listens on port 179/);
    assert.equal(lab.exec("alone", "ls /etc/bgpd.conf 2>/dev/null || echo none").trim(), "none");
  });

  it("base prepares a host of a rack", () => {
    const rack = [
      provision.example("home-rack.yml"),
      provision.layer("rack", {
        all: {
          vars: {
            ssh: { key: lab.keyFile },
            // What a host in a network namespace of its own cannot have.
            base: {
              time_sync: { manage: false },
              sysctl: { "fs.inotify.max_user_instances": null, "fs.inotify.max_user_watches": null },
            },
          },
          children: {
            boards: { vars: { base: { swap: "keep", kernel_modules: [], require: { memory_cgroup: false } } } },
          },
          hosts: { "pi-1": { ssh: { host: "10.213.78.13" }, addresses: { lan: "10.213.78.13" } } },
        },
      }),
      "--limit",
      "pi-1",
    ];
    const check = provision.run("check", ...rack);
    assert.equal(check.code, 2, check.stderr);
    const apply = provision.run("apply", ...rack);
    assert.equal(apply.code, 0, apply.stdout);
    assert.equal(apply.stderr, "", "a group that the inventory does not have is no matter");
    assert.deepEqual(brokenPromises(check.steps, apply.steps), []);
    assert.equal(lab.exec("alone", "hostname; cat /etc/hostname"), "pi-1\npi-1\n");
    const hosts = lab.exec("alone", "cat /etc/hosts");
    assert.match(hosts, /^10\.213\.78\.13\tpi-1\.home\.arpa pi-1$/m);
    assert.match(hosts, /^192\.0\.2\.20\tnas\.home\.arpa nas$/m);
    assert.match(hosts, /^192\.0\.2\.1\trouter router\.home\.arpa$/m);
    assert.match(hosts, /^127\.0\.0\.1\tlocalhost$/m);
    assert.doesNotMatch(hosts, /^127\.0\.1\.1/m);
    assert.equal(lab.exec("alone", "dpkg-query -W -f '${Package} ' curl htop jq tree"), "curl htop jq tree ");
    assert.equal(lab.exec("alone", "cat /proc/sys/net/ipv4/ip_forward"), "1\n");
    assert.match(lab.exec("alone", "cat /etc/sysctl.d/99-provision.conf"), /^net\.ipv4\.ip_forward = 1$/m);
    assert.equal(provision.run("verify", ...rack).code, 0);
    assert.deepEqual(withStatus(provision.run("apply", ...rack).steps, "changed", "maybe", "unknown", "failed"), []);
  });

  function here(names: readonly string[]): object {
    const hosts = lab.hosts.filter((host) => names.includes(host.name));
    return {
      all: {
        vars: { ssh: { key: lab.keyFile }, base: { time_sync: { manage: false } } },
        hosts: Object.fromEntries(
          hosts.map(({ name, address, address6 }) => [
            name,
            { ssh: { host: address }, addresses: { lan: address, lan6: address6 } },
          ]),
        ),
      },
    };
  }

  /** Which run of the daemon it is. */
  function runs(host: string): string {
    return lab.exec(host, "systemctl show -p MainPID,ExecMainStartTimestampMonotonic,InvocationID openbgpd");
  }

  function neighbour(host: string, name: string): Neighbour {
    const shown = JSON.parse(lab.exec(host, "bgpctl -j show neighbor")) as { neighbors: Neighbour[] };
    const found = shown.neighbors.find((one) => one.description === name);
    assert.ok(found, `${host} has no neighbour ${name}`);
    return found;
  }

  async function established(host: string, names: readonly string[]): Promise<void> {
    const end = Date.now() + 40_000;
    while (Date.now() < end && !names.every((name) => neighbour(host, name).state === "Established")) {
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    for (const name of names) assert.equal(neighbour(host, name).state, "Established", `${host} to ${name}`);
  }
});

/** `HOST STEP` of every step that changed, in order. */
function changedSteps(steps: readonly { host: string; step: string; status: string; item?: unknown }[]): string[] {
  return steps
    .filter((step) => step.status === "changed" && step.item === undefined)
    .map((step) => `${step.host} ${step.step}`);
}
