// Written by `npm run generate` from the files in this folder; do not edit.
import type { Module } from "./module.ts";

const all: readonly Module[] = [];

/** Every module by its name. */
export const modules: ReadonlyMap<string, Module> = new Map(all.map((module) => [module.name, module]));
