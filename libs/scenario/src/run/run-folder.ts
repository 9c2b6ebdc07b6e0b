import {
  createWriteStream,
  mkdirSync,
  readFileSync,
  renameSync,
  type WriteStream,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { constants, createGzip, type Gzip, gunzipSync } from 'node:zlib';
import type { Run, Sample } from './run';

/** Compressed bytes of one file at most; nothing is written beyond. 8 minutes at 50 a second need a tenth of it. */
const MOST_BYTES = 9_000_000;

const RUN = 'run.json';
const SAMPLES = 'samples.jsonl.gz';
const LIVE = 'live.jsonl.gz';

/** An event of the console, for its page. */
export interface LiveEvent {
  /** Milliseconds since the first one. */
  t: number;
  event: string;
  /** JSON. */
  data: string;
}

/** Writes lines and compresses them on the way. */
class Lines {
  private readonly gzip: Gzip = createGzip({ level: 6 });
  private readonly file: WriteStream;
  private readonly written: Promise<void>;
  private bytes = 0;
  private ended = false;
  /** Whether lines were left out. */
  full = false;

  constructor(path: string) {
    this.file = createWriteStream(path);
    this.written = finished(this.file);
    this.gzip.on('data', (part: Buffer) => {
      this.bytes += part.length;
      this.file.write(part);
    });
    this.gzip.on('end', () => this.file.end());
  }

  /** The console goes on telling while a run ends: what comes after the end is left out. */
  write(line: object): void {
    this.full ||= this.bytes > MOST_BYTES;
    if (!this.full && !this.ended) this.gzip.write(`${JSON.stringify(line)}\n`);
  }

  /** Resolves when what was written so far can be read from the file. */
  async flush(): Promise<void> {
    await new Promise<void>((done) => this.gzip.flush(constants.Z_SYNC_FLUSH, done));
    if (!this.file.writableEnded) await new Promise((done) => this.file.write('', done));
  }

  end(): Promise<void> {
    this.ended = true;
    this.gzip.end();
    return this.written;
  }
}

type Report = (samples: Sample[]) => string;

/** The folder of a run while it is written. */
export class RunFolder {
  private readonly samples: Lines;
  private readonly live: Lines;
  private readonly began = performance.now();
  private ended = false;

  constructor(readonly path: string) {
    mkdirSync(path, { recursive: true });
    this.samples = new Lines(join(path, SAMPLES));
    this.live = new Lines(join(path, LIVE));
  }

  sample(sample: Sample): void {
    this.samples.write(sample);
  }

  event(event: string, data: string): void {
    this.live.write({ t: Math.round(performance.now() - this.began), event, data } satisfies LiveEvent);
  }

  /** Keeps what is known of a run that goes on: if its process is killed, this is the end that people find. */
  async keep(run: Run, report: Report): Promise<void> {
    await Promise.all([this.samples.flush(), this.live.flush()]);
    if (!this.ended) this.write(run, report);
  }

  async end(run: Run, report: Report): Promise<void> {
    this.ended = true;
    await Promise.all([this.samples.end(), this.live.end()]);
    this.write(run, report);
  }

  private write(run: Run, report: Report): void {
    this.replace(RUN, JSON.stringify(run, null, 1));
    this.replace('report.html', report(readSamples(this.path)));
  }

  /** Nobody finds half a file, whenever the process ends. */
  private replace(name: string, text: string): void {
    const path = join(this.path, name);
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  }
}

/** @throws Error that says what is missing */
export function readRun(path: string): Run {
  let text: string;
  try {
    text = readFileSync(join(path, RUN), 'utf8');
  } catch {
    throw new Error(`${path} is no folder of a run: it has no ${RUN}`);
  }
  // Earlier versions did not notice lost faults.
  const run: Run = { faults_lost: [], ...JSON.parse(text) };
  if (run.format !== 1) throw new Error(`${path} is of another version: play the scenario again`);
  return run;
}

function readSamples(path: string): Sample[] {
  return lines<Sample>(join(path, SAMPLES));
}

export function readLive(path: string): LiveEvent[] {
  return lines<LiveEvent>(join(path, LIVE));
}

/**
 * The last view of the console before the first fault; undefined if none was recorded.
 * @throws Error if the folder has no events
 */
export function viewAtRest(path: string): unknown {
  let last: View | undefined;
  for (const { event, data } of readLive(path)) {
    if (event !== 'view') continue;
    const view = JSON.parse(data) as View;
    if (last && view.services.some(({ faults }) => faults.some(({ enabled }) => enabled))) break;
    last = view;
  }
  return last;
}

/** What is read of a view here. */
interface View {
  services: { faults: { enabled: boolean }[] }[];
}

/** For a file that was cut off, the lines that are there. */
function lines<Line>(path: string): Line[] {
  const text = gunzipSync(readFileSync(path), { finishFlush: constants.Z_SYNC_FLUSH }).toString();
  return text
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as Line);
}
