// Written by `npm run generate` from the files in this folder; do not edit.
import type { Module } from "./module.ts";
import checksExpect from "./checks/expect.ts";
import checksWaitFor from "./checks/wait-for.ts";
import commandsCommand from "./commands/command.ts";
import commandsShell from "./commands/shell.ts";
import filesBlockinfile from "./files/blockinfile.ts";
import filesCopy from "./files/copy.ts";
import filesFetch from "./files/fetch.ts";
import filesFile from "./files/file.ts";
import filesGetUrl from "./files/get-url.ts";
import filesLineinfile from "./files/lineinfile.ts";
import filesReplace from "./files/replace.ts";
import filesStat from "./files/stat.ts";
import filesTemplate from "./files/template.ts";
import filesUnarchive from "./files/unarchive.ts";
import flowAssert from "./flow/assert.ts";
import flowDebug from "./flow/debug.ts";
import flowFail from "./flow/fail.ts";
import flowSetFact from "./flow/set-fact.ts";
import systemAuthorized_key from "./system/authorized_key.ts";
import systemCron from "./system/cron.ts";
import systemGroup from "./system/group.ts";
import systemHostname from "./system/hostname.ts";
import systemPackage from "./system/package.ts";
import systemService from "./system/service.ts";
import systemSysctl from "./system/sysctl.ts";
import systemUser from "./system/user.ts";

const all: readonly Module[] = [
  checksExpect,
  checksWaitFor,
  commandsCommand,
  commandsShell,
  filesBlockinfile,
  filesCopy,
  filesFetch,
  filesFile,
  filesGetUrl,
  filesLineinfile,
  filesReplace,
  filesStat,
  filesTemplate,
  filesUnarchive,
  flowAssert,
  flowDebug,
  flowFail,
  flowSetFact,
  systemAuthorized_key,
  systemCron,
  systemGroup,
  systemHostname,
  systemPackage,
  systemService,
  systemSysctl,
  systemUser,
];

/** Every module by its name. */
export const modules: ReadonlyMap<string, Module> = new Map(all.map((module) => [module.name, module]));
