// Prints "PASSED FAILED" from Playwright's JSON report; "0 0" when there is none because it never got that far.
// Usage: node scripts/count-journeys.mjs REPORT
import { existsSync, readFileSync } from 'node:fs';

const report = process.argv[2];
const stats = report && existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')).stats : {};
console.log((stats.expected ?? 0) + (stats.flaky ?? 0), stats.unexpected ?? 0);
