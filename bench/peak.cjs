// Preloaded into the program that is measured: its peak memory in KiB, written when it ends.
process.on("exit", () => require("node:fs").writeFileSync(process.env.BENCH_PEAK, String(process.resourceUsage().maxRSS)));
