// Libraries that are slow to load and seldom needed, loaded when they are first used. CommonJS, because only `require`
// loads at once without a promise, in the sources as in the bundle.
exports.loadAjv = () => require("ajv/dist/2020.js").Ajv2020;
exports.loadRe2 = () => require("re2js").RE2JS;
exports.loadSemver = () => require("semver");
exports.loadYaml = () => require("yaml");
exports.loadPrecompiled = () => require("./precompiled.cjs");
