import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Child } from './child.ts';
import { compare } from './comparison.ts';
import { Database } from './database.ts';
import { growth } from './growth.ts';
import { holding } from './holding.ts';
import { describeMachine, makeRoom } from './machine.ts';
import { OPERATIONS } from './operations.ts';
import { pgbench } from './pgbench.ts';
import { queueRatio } from './queue.ts';
import { starting } from './starting.ts';
import { statementCosts } from './statements.ts';
import { storm } from './storm.ts';
import { type Report, report } from './table.ts';
import { watching } from './watching.ts';

const HELP = `Measures what telemetry costs, beside other ways to build the same service.

Usage: npm run bench [-- OPTIONS]

  --quick        three minutes instead of fifteen: check alone, wider ranges
  --only PARTS   of: comparison, statements, queue, growth, holding, storm, watching, starting
  --json FILE    writes all figures there
  --help

Everything but the process under test runs on the other cores, where that can be arranged (taskset).
Figures mean something on a machine that does nothing else, and ratios more than times.`;

const PARTS = ['comparison', 'statements', 'queue', 'growth', 'holding', 'storm', 'watching', 'starting'];

const FULL = {
  comparison: { operations: OPERATIONS, rounds: 24, fixedRateRounds: 6, warmUp: 4 },
  statements: { rounds: 20, warmUp: 2 },
  queue: { rounds: 24, seconds: 0.3 },
  growth: { sizes: [10, 100_000, 1_000_000], seconds: 3 },
  holding: { amounts: [25, 50, 95], rounds: 3 },
  storm: { fleets: [3, 9], seconds: 10 },
  watching: { fleets: [3, 12, 39], sessions: [100, 500], seconds: 15 },
  starting: { rounds: 4 },
};

const QUICK: typeof FULL = {
  comparison: { operations: OPERATIONS.slice(0, 1), rounds: 8, fixedRateRounds: 2, warmUp: 3.5 },
  statements: { rounds: 5, warmUp: 1 },
  queue: { rounds: 6, seconds: 0.3 },
  growth: { sizes: [10, 100_000], seconds: 1 },
  holding: { amounts: [95], rounds: 2 },
  storm: { fleets: [3], seconds: 5 },
  watching: { fleets: [3, 12], sessions: [100], seconds: 5 },
  starting: { rounds: 1 },
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', default: PARTS.join(',') },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return void process.stdout.write(`${HELP}\n`);
  const parts = values.only.split(',').map((part) => part.trim());
  const unknown = parts.find((part) => !PARTS.includes(part));
  if (unknown !== undefined) throw new Error(`--only names ${unknown}; there are ${PARTS.join(', ')}`);
  const found = await measure(values.quick ? QUICK : FULL, (part) => parts.includes(part));
  progress('');
  process.stdout.write(report(found));
  if (values.json) writeFileSync(values.json, `${JSON.stringify(found, null, 2)}\n`);
}

async function measure(effort: typeof FULL, wanted: (part: string) => boolean): Promise<Report> {
  makeRoom();
  const here = (path: string) => [fileURLToPath(new URL(path, import.meta.url))];
  const database = await Database.start();
  const sink = await Child.start(here('sink.ts'));
  const generator = await Child.start(here('load-generator.ts'));
  const { port } = sink.greeting;
  try {
    const found: Report = {
      machine: describeMachine(),
      date: new Date().toISOString().slice(0, 10),
      compared: [],
      statements: [],
      growth: [],
      holding: [],
      storm: [],
      watching: [],
      starting: [],
    };
    // What is disturbed most easily comes first.
    if (wanted('comparison')) {
      found.pgbench = await pgbench(database);
      found.compared = await compare(database, port, generator, effort.comparison, progress);
    }
    if (wanted('statements'))
      found.statements = await statementCosts(database, port, generator, effort.statements, progress);
    if (wanted('queue'))
      found.queue = await queueRatio(database, effort.queue.rounds, effort.queue.seconds, progress);
    if (wanted('growth'))
      found.growth = await growth(
        effort.growth.sizes,
        database,
        port,
        generator,
        effort.growth.seconds,
        progress,
      );
    if (wanted('holding')) {
      const { amounts, rounds } = effort.holding;
      found.holding = await holding(amounts, database, port, generator, rounds, progress);
    }
    if (wanted('storm')) {
      const { fleets, seconds } = effort.storm;
      found.storm = await storm(fleets, seconds, database, port, progress);
    }
    if (wanted('watching')) {
      const { fleets, sessions, seconds } = effort.watching;
      found.watching = await watching(fleets, sessions, seconds, port, progress);
    }
    if (wanted('starting')) found.starting = await starting(database, port, effort.starting.rounds, progress);
    return found;
  } finally {
    for (const child of [generator, sink]) await child.stop();
    await database.stop();
  }
}

const began = performance.now();

/** Shows one line that the next one replaces, if this is a terminal; otherwise one line after the other. */
function progress(text: string): void {
  const seconds = Math.round((performance.now() - began) / 1_000);
  const line = text && `${String(seconds).padStart(4)} s  ${text}`;
  process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
}

main().catch((error: Error) => {
  process.stderr.write(`\n${error.stack ?? error}\n`);
  process.exitCode = 1;
});
