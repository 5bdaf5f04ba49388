import { writeFileSync } from "node:fs";
import Mocha from "mocha";

/** The variable of the environment that names the file for the counts. */
export const COUNTS_FILE = "PROVISION_TEST_COUNTS";

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** A line for each file of tests, the skipped ones by name, failures in full at the end; and the counts in a file. */
export default class CountingReporter extends Mocha.reporters.Base {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
    const { EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING, EVENT_SUITE_END, EVENT_RUN_END } =
      Mocha.Runner.constants;
    runner.on(EVENT_TEST_PASS, () => (counts.passed += 1));
    runner.on(EVENT_TEST_FAIL, (test) => {
      counts.failed += 1;
      console.log(`FAILED  ${test.fullTitle()}`);
    });
    runner.on(EVENT_TEST_PENDING, (test) => {
      counts.skipped += 1;
      console.log(`skipped ${test.fullTitle()}`);
    });
    runner.on(EVENT_SUITE_END, (suite) => {
      if (suite.parent?.root === true) console.log(suiteLine(suite));
    });
    runner.once(EVENT_RUN_END, () => {
      if (this.failures.length > 0) Mocha.reporters.Base.list(this.failures);
      const file = process.env[COUNTS_FILE];
      if (file !== undefined) writeFileSync(file, JSON.stringify(counts));
    });
  }
}

/** `  12  overlay  0.3 s`: how many tests, of what, how long. */
function suiteLine(suite: Mocha.Suite): string {
  let tests = 0;
  let milliseconds = 0;
  suite.eachTest((test) => {
    tests += 1;
    milliseconds += test.duration ?? 0;
  });
  return `${String(tests).padStart(6)}  ${suite.title}  ${(milliseconds / 1000).toFixed(1)} s`;
}
