export function loadAjv(): typeof import("ajv/dist/2020.js").Ajv2020;
export function loadRe2(): typeof import("re2js").RE2JS;
export function loadSemver(): typeof import("semver");
export function loadYaml(): typeof import("yaml");
export function loadPrecompiled(): Readonly<Record<string, import("ajv/dist/2020.js").ValidateFunction>>;
