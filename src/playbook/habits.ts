import { nearest } from "../base/nearest.ts";

/** A step type by name. */
export interface ModuleNames {
  has(name: string): boolean;
  keys(): Iterable<string>;
}

const PACKAGE = "write `package: {name: …, state: present}`: it uses the host's own package manager";
const SERVICE = "write `service: {name: …, state: started, enabled: true}`: it uses the host's own service manager";
const INVENTORY = "hosts and groups are declared in the inventory";
const COMMAND = "use `command` with `creates` or `unless`, which says when it is needed";

/** Step types of other tools, and what does the same here. */
const MODULES = new Map<string, string>([
  ...["apt", "yum", "dnf", "dnf5", "apk", "pacman", "zypper", "openbsd_pkg", "pkgng", "homebrew", "portage"].map(
    (name): [string, string] => [name, PACKAGE],
  ),
  ...["systemd", "systemd_service", "sysvinit", "openrc", "rcctl", "runit", "supervisorctl"].map(
    (name): [string, string] => [name, SERVICE],
  ),
  ...["add_host", "group_by"].map((name): [string, string] => [name, INVENTORY]),
  ...[
    "pip",
    "npm",
    "gem",
    "cargo",
    "git",
    "make",
    "synchronize",
    "expect_command",
    "docker_container",
    "docker_compose",
    "helm",
  ].map((name): [string, string] => [name, COMMAND]),
  ["raw", "write `shell`: a host needs nothing but a POSIX shell"],
  ["script", "`copy` the script to the host, then run it by `command`"],
  ["setup", "facts are read when a step uses one: write `facts.…`"],
  ["gather_facts", "facts are read when a step uses one: write `facts.…`"],
  ["ping", "every run tries the connection first; to test only that: `provision run PATTERN -- true`"],
  ["slurp", "write `command: {argv: [cat, FILE], read_only: true}` and `register`"],
  ["find", "write `command: {cmd: find …, read_only: true}` and `register`"],
  ["uri", "to test an answer write `expect: {http: …}`, to download `get_url`"],
  ["pause", "write `wait_for` with what is waited for"],
  ["wait_for_connection", "a run waits for its connections by itself"],
  ["include", "write `include_tasks` or `import_tasks`"],
  ["assemble", "write one `template` with a loop over its parts"],
  ["ini_file", "write `lineinfile`, or the whole file by `template`"],
  ["tempfile", "a change is written to a temporary file by itself; `validate` sees it as %s"],
  ["apt_repository", "write the source list by `copy` to /etc/apt/sources.list.d"],
  ["apt_key", "download the key by `get_url` to /etc/apt/keyrings"],
  ["async_status", "a step runs to its end; give it a `timeout`"],
]);

/** Keys of tasks that other tools have, and what to write here. */
export const OLD_TASK_KEYS = new Map<string, string>([
  ["with_fileglob", "write `loop: !expr …` over a list of names"],
  ["with_dict", "write `loop: !expr 'map.keys(NAME)'` or loop over a list of maps"],
  ["with_sequence", "write `loop: !expr 'lists.range(N)'`"],
  ["with_nested", "write `loop: !expr 'A.map(a, B.map(b, [a, b])).flatten()'`"],
  ["with_together", "write `loop: !expr 'lists.range(A.size()).map(i, [A[i], B[i]])'`"],
  ["with_subelements", "write `loop: !expr …` that computes the list"],
  ["with_first_found", "write the condition of each file under `when`"],
  ["with_indexed_items", "write `loop`, and `loop_control: {index_var: i}`"],
  ["local_action", "write the step with `delegate_to: localhost`"],
  ["action", "write the step type as the key: `copy: {…}`"],
  ["args", "write all arguments below the step type: `command: {cmd: …, creates: …}`"],
  ["sudo", "write `become: true`"],
  ["sudo_user", "write `become_user`"],
  ["become_flags", "flags are not given here; set up sudo or doas on the host"],
  ["become_exe", "the program is found by itself; `become_method` chooses between sudo and doas"],
  ["remote_user", "write `ssh: {user: …}` in the inventory"],
  ["connection", "write `ssh: {transport: …}` in the inventory"],
  ["port", "write `ssh: {port: …}` in the inventory"],
  ["check_mode", "check never changes anything; a command that only reads says `read_only: true`"],
  ["diff", "`--diff` and `--no-diff` are options of the command line"],
  ["async", "a step runs to its end; give it a `timeout`"],
  ["poll", "a step runs to its end; give it a `timeout`"],
  ["throttle", "write `serial` at the play"],
  ["delegate_facts", 'facts belong to the host they were read from: `hosts["NAME"].facts`'],
  ["module_defaults", "write the arguments at each step"],
  ["collections", "roles are found by folder: list further folders under `roles_path` of provision.yml"],
  ["any_errors_fatal", "write `any_errors_fatal` at the play"],
  ["max_fail_percentage", "write `max_fail_percentage` at the play"],
  ["ignore_unreachable", "a host that is unreachable is reported, and the others go on"],
  ["debugger", "use `-v`, or a `debug` step"],
  ["strategy", "hosts never wait for each other inside a play"],
]);

/** Keys of plays that other tools have, and what to write here. */
export const OLD_PLAY_KEYS = new Map<string, string>([
  ["remote_user", "write `ssh: {user: …}` in the inventory"],
  ["user", "write `ssh: {user: …}` in the inventory"],
  ["connection", "write `ssh: {transport: …}` in the inventory"],
  ["port", "write `ssh: {port: …}` in the inventory"],
  ["strategy", "hosts never wait for each other inside a play; remove it"],
  ["gather_subset", "facts are read when a step uses one; remove it"],
  ["gather_timeout", "facts are read when a step uses one; remove it"],
  ["fact_path", "facts are read when a step uses one; remove it"],
  ["collections", "roles are found by folder: list further folders under `roles_path` of provision.yml"],
  ["module_defaults", "write the arguments at each step"],
  ["vars_prompt", "declare the value in the inventory, or give it by `-e NAME=VALUE`"],
  ["sudo", "write `become: true`"],
  ["become_flags", "flags are not given here; set up sudo or doas on the host"],
  ["become_exe", "the program is found by itself; `become_method` chooses between sudo and doas"],
  ["throttle", "write `serial`"],
  ["check_mode", "use `provision check`"],
  ["diff", "`--diff` and `--no-diff` are options of the command line"],
  ["no_log", "write `no_log` at the steps; secrets are masked by themselves"],
  ["ignore_errors", "write `ignore_errors` at the steps"],
  ["run_once", "write `run_once` at the steps"],
  ["when", "write `when` at the tasks or roles, or narrow `hosts`"],
  ["block", "a play has `tasks`; a block stands among them"],
  ["import_tasks", "a play has `tasks`; an import stands among them"],
  ["include", "write `import_playbook`"],
  ["ignore_unreachable", "a host that is unreachable is reported, and the others go on"],
]);

/** What to say of a step type that is not there. */
export function moduleHint(name: string, modules: ModuleNames): string | undefined {
  const short = /^(?:[a-z0-9_]+\.){2}([a-z0-9_]+)$/.exec(name)?.[1];
  if (short !== undefined) {
    if (modules.has(short) || FORMS.includes(short)) return `write \`${short}\`: step types have one short name`;
    return MODULES.get(short);
  }
  const translation = MODULES.get(name);
  if (translation !== undefined) return translation;
  if (name.startsWith("win_")) return "Windows hosts are not managed";
  const near = nearest(name, [...modules.keys(), ...FORMS]);
  return near === undefined ? undefined : `did you mean "${near}"?`;
}

/** The old key's translation, or undefined for a key that nobody knows. */
export function taskKeyHint(key: string): string | undefined {
  if (/^with_(items|list|flattened)$/.test(key))
    return `write \`loop\`: it takes the same list${key === "with_list" ? "" : " (nested lists stay nested: use `.flatten()`)"}`;
  return (
    OLD_TASK_KEYS.get(key) ?? (key.startsWith("with_") ? "write `loop`, with `!expr` for a computed list" : undefined)
  );
}

/** Forms of tasks that are no modules. */
export const FORMS: readonly string[] = [
  "import_tasks",
  "include_tasks",
  "import_role",
  "include_role",
  "include_vars",
  "meta",
  "block",
];

/** Names that every host has in other tools, and what they are called here. */
export const OLD_NAMES: ReadonlyMap<string, string> = new Map([
  ["inventory_hostname", "write host.name"],
  ["inventory_hostname_short", 'write host.name, in an expression host.name.split(".")[0]'],
  ["group_names", "write host.groups"],
  ["hostvars", 'write hosts["NAME"]'],
  ["play_hosts", "write a group: groups.NAME"],
  ["ansible_play_hosts", "write a group: groups.NAME"],
  ["ansible_facts", "write facts"],
  ["ansible_os_family", "write facts.os.family; its values are small letters: debian, redhat, alpine"],
  ["ansible_distribution", "write facts.os.distribution; its values are small letters: debian, ubuntu, alpine"],
  ["ansible_distribution_version", "write facts.os.version"],
  ["ansible_distribution_major_version", "write facts.os.major_version"],
  ["ansible_distribution_release", "write facts.os.codename"],
  ["ansible_architecture", "write facts.os.machine, or facts.os.arch for the name that programs are built for"],
  ["ansible_kernel", "write facts.os.kernel"],
  ["ansible_system", "write facts.os.system"],
  ["ansible_hostname", "write facts.hostname"],
  ["ansible_fqdn", "write facts.fqdn"],
  ["ansible_default_ipv4", "write facts.default_ipv4"],
  ["ansible_default_ipv6", "write facts.default_ipv6"],
  ["ansible_interfaces", "write facts.interfaces"],
  ["ansible_mounts", "write facts.mounts"],
  ["ansible_processor_vcpus", "write facts.cpus"],
  ["ansible_memtotal_mb", "write facts.memory.total_mb"],
  ["ansible_service_mgr", "write facts.init"],
  ["ansible_pkg_mgr", "write facts.package_manager"],
  ["ansible_user_id", "write facts.user"],
  ["ansible_virtualization_type", "write facts.virtualisation"],
  ["ansible_managed", "write {{managed}} in text"],
  ["role_path", "name files relative to the role: they are looked for in its files/ and templates/"],
  ["playbook_dir", "name files relative to the playbook"],
  ["omit", "an argument that is null counts as not given"],
]);
