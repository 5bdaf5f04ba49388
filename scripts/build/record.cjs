// Preloaded into the program by the build: when it ends, the compiled form of what it ran is written to $RECORD_CODE.
const vm = require("node:vm");
const { writeFileSync } = require("node:fs");

vm.Script = class extends vm.Script {
  constructor(...args) {
    super(...args);
    process.on("exit", () => writeFileSync(process.env.RECORD_CODE, this.createCachedData()));
  }
};
