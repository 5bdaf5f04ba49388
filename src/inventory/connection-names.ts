/** The usual names of connection variables, and the setting that each one is. */
export const ALIASES: ReadonlyMap<string, string> = new Map([
  ["ansible_connection", "transport"],
  ["ansible_host", "ssh.host"],
  ["ansible_ssh_host", "ssh.host"],
  ["ansible_port", "ssh.port"],
  ["ansible_ssh_port", "ssh.port"],
  ["ansible_user", "ssh.user"],
  ["ansible_ssh_user", "ssh.user"],
  ["ansible_ssh_private_key_file", "ssh.key"],
  ["ansible_private_key_file", "ssh.key"],
  ["ansible_become", "become"],
  ["ansible_become_method", "become.method"],
  ["ansible_become_user", "become.user"],
]);

/** The usual name under which a setting of `ssh` or `become` is printed. */
export const USUAL_NAMES: ReadonlyMap<string, string> = new Map([
  ["ssh.host", "ansible_host"],
  ["ssh.port", "ansible_port"],
  ["ssh.user", "ansible_user"],
  ["ssh.key", "ansible_ssh_private_key_file"],
  ["become.method", "ansible_become_method"],
  ["become.user", "ansible_become_user"],
]);

/** Variables that hold passwords: going on without them would fail later, and in a less clear way. */
export const REFUSED: ReadonlySet<string> = new Set([
  "ansible_password",
  "ansible_ssh_pass",
  "ansible_ssh_password",
  "ansible_become_password",
  "ansible_become_pass",
  "ansible_sudo_pass",
]);

/** Options of the ssh program and of other connections: they do nothing here, which is said. */
export const IGNORED: ReadonlySet<string> = new Set([
  "ansible_ssh_common_args",
  "ansible_ssh_extra_args",
  "ansible_ssh_args",
  "ansible_scp_extra_args",
  "ansible_sftp_extra_args",
  "ansible_ssh_executable",
  "ansible_ssh_transfer_method",
  "ansible_become_flags",
  "ansible_become_exe",
  "ansible_ssh_host_key_checking",
  "ansible_host_key_checking",
  "ansible_shell_executable",
  "ansible_shell_type",
]);

/** Variables that say how to do what is not done here at all (no interpreter is needed on a host): nothing is lost. */
export const SILENT: ReadonlySet<string> = new Set([
  "ansible_python_interpreter",
  "ansible_ssh_pipelining",
  "ansible_pipelining",
  "ansible_group_priority",
]);
