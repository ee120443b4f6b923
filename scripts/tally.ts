// Prints `N passed, N failed` from Vitest's JSON report, for machines that read a test run's last line.
// A run that wrote no report, or failed outside its tests, counts as one failure.
import { readFile } from 'node:fs/promises';

interface Report {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
}

const NOTHING_RAN: Report = { success: false, numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 };

/** The report at `path`; a missing or torn one is a failed run. */
async function readReport(path: string): Promise<Report> {
  try {
    // Vitest wrote it a moment ago: the shape is its documented one.
    return JSON.parse(await readFile(path, 'utf8')) as Report;
  } catch {
    return NOTHING_RAN;
  }
}

const report = await readReport(process.argv[2] ?? '');
const failed = report.success ? 0 : Math.max(1, report.numFailedTests);
const skipped = report.numPendingTests === 0 ? '' : `, ${report.numPendingTests} skipped`;
console.log(`${report.numPassedTests} passed, ${failed} failed${skipped}`);
