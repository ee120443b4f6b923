// cnnc side by side with its peers on WebGPU: one page of headless Chromium, one adapter.
import { rm } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { hasBrowser, openBrowser, openPage, serve } from '../../test/support/browser.ts';
import { median } from '../median.ts';
import { problemOf } from '../problem.ts';
import { WORKLOADS, type Workload } from '../workloads.ts';
import { hostMs } from './host.ts';
import type { Bench, Bytes, Failure, Row, Schedule } from './page.ts';
import { buildSite } from './site.ts';
import { table } from './table.ts';

export interface Result {
  readonly id: string;
  readonly title: string;
  readonly adapter: string;
  readonly rows: readonly Contestant[];
  readonly failures: readonly Failure[];
}

export interface Contestant extends Row {
  /** Milliseconds from nothing loaded to the first output, each time in a browser of its own. */
  readonly first: number;
  /** What was loaded for that, without the weights. */
  readonly code: Bytes;
  /** Milliseconds of the processor per inference on Dawn's null backend. */
  readonly host: number;
}

interface Options extends Schedule {
  readonly ids: readonly string[];
  readonly names: readonly string[];
  readonly json: boolean;
}

const IDS = ['W2', 'W3', 'W4', 'W5', 'W8', 'N1'];

/** A browser is opened anew for each, which takes a while. */
const FIRST_RESULTS = 3;

export async function benchWebgpu({ ids, names, json, ...schedule }: Options): Promise<void> {
  if (!hasBrowser)
    throw new Error('no Chromium: on Linux x64 it comes from npm; else CNNC_CHROMIUM names one');
  const folder = await buildSite();
  const site = await serve(folder);
  const chosen = WORKLOADS.filter(({ id }) => (ids.length > 0 ? ids : IDS).includes(id));
  const results: Result[] = [];
  for (const workload of chosen) {
    const result = await measure(site.url, workload, names, schedule);
    results.push(result);
    if (!json) console.log(table(result));
  }
  if (json) console.log(JSON.stringify(results, undefined, 2));
  site.close();
  await rm(folder, { recursive: true });
}

async function measure(
  url: string,
  workload: Workload,
  names: readonly string[],
  schedule: Schedule,
): Promise<Result> {
  const { id, title } = workload;
  const task = { workload, names, schedule };
  const { adapter, rows, failures } = await inPage(url, (page) =>
    page.evaluate(async ({ workload, names, schedule }) => {
      const { adapter, contest } = bench;
      return { adapter, ...(await contest(workload, names, schedule)) };
    }, task),
  );
  const able = rows.map(({ name }) => name);
  const firsts = await firstResults(url, workload, able, Math.min(FIRST_RESULTS, schedule.rounds));
  const host = await hostMs(await problemOf(workload), able);
  const all = rows.map((row) => ({ ...row, ...firsts.get(row.name)!, host: host.get(row.name)! }));
  return { id, title, adapter, rows: all, failures };
}

type First = Pick<Contestant, 'first' | 'code'>;

async function firstResults(
  url: string,
  workload: Workload,
  names: readonly string[],
  rounds: number,
): Promise<Map<string, First>> {
  const samples = new Map<string, { ms: number; code: Bytes }[]>(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++)
    for (const name of names) {
      const sample = await inPage(url, (page) =>
        page.evaluate(({ workload, name }) => bench.first(workload, name), { workload, name }),
      );
      samples.get(name)!.push(sample);
    }
  return new Map(
    [...samples].map(([name, all]) => [name, { first: median(all.map(({ ms }) => ms)), code: all[0]!.code }]),
  );
}

type Page = Awaited<ReturnType<Browser['newPage']>>;

/** A new browser, so that nothing is cached. */
async function inPage<T>(url: string, use: (page: Page) => Promise<T>): Promise<T> {
  const browser = await openBrowser();
  try {
    const { page } = await openPage(browser, url);
    await page.waitForFunction('globalThis.bench');
    return await use(page);
  } finally {
    await browser.close();
  }
}

declare global {
  /** page.ts puts it there. */
  var bench: Bench;
}
