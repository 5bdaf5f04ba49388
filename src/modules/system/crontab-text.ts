/** Editing the text of a crontab: jobs are found by the comment line above them, variables by their name. */

const mark = "#Ansible: ";

export interface Job {
  name: string;
  /** The whole line. */
  line: string;
}

/** Brings a job to be in the lines: the one of that name is replaced, an equal line gets the comment, else it is added. */
export function setJob(lines: readonly string[], job: Job): string[] {
  const comment = mark + job.name;
  const named = findJob(lines, job.name);
  if (named !== undefined) return named === job.line ? [...lines] : updateJob(lines, job);
  for (const [at, line] of lines.entries()) {
    if (line !== job.line) continue;
    const above = lines.at(at - 1) ?? "";
    if (!above.startsWith(mark)) return [...lines.slice(0, at), comment, ...lines.slice(at)];
    if (above === mark) return [...lines.slice(0, at - 1), comment, ...lines.slice(at)];
  }
  return [...lines, comment, job.line];
}

/** The lines without the jobs of a name. */
export function removeJob(lines: readonly string[], name: string): string[] {
  if (findJob(lines, name) === undefined) return [...lines];
  return withJobs(lines, name, () => []);
}

function updateJob(lines: readonly string[], job: Job): string[] {
  return withJobs(lines, job.name, (comment) => [comment, job.line]);
}

/** The line under the comment of a job. */
function findJob(lines: readonly string[], name: string): string | undefined {
  const at = lines.findIndex((line, index) => line === mark + name && index + 1 < lines.length);
  return at < 0 ? undefined : lines[at + 1];
}

/** Replaces each comment of that name with the line under it. */
function withJobs(lines: readonly string[], name: string, replace: (comment: string) => string[]): string[] {
  const result: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    if (line !== mark + name) result.push(line);
    else {
      if (at + 1 < lines.length) result.push(...replace(line));
      at += 1;
    }
  }
  return result;
}

/** Sets a variable: in place where it is, else at the top, or beside another one. `undefined` when that one is missing. */
export function setVariable(
  lines: readonly string[],
  name: string,
  value: string,
  beside?: { after?: string | undefined; before?: string | undefined },
): string[] | undefined {
  const declaration = `${name}="${value}"`;
  if (lines.some((line) => line.startsWith(`${name}=`))) {
    if (lines.find((line) => line.startsWith(`${name}=`)) === declaration) return [...lines];
    return lines.map((line) => (line.startsWith(`${name}=`) ? declaration : line));
  }
  const other = beside?.after ?? beside?.before;
  if (other === undefined) return [declaration, ...lines];
  const at = lines.findIndex((line) => line.startsWith(`${other}=`));
  if (at < 0) return undefined;
  const place = beside?.after === undefined ? at : at + 1;
  return [...lines.slice(0, place), declaration, ...lines.slice(place)];
}

export function removeVariable(lines: readonly string[], name: string): string[] {
  return lines.filter((line) => !line.startsWith(`${name}=`));
}
