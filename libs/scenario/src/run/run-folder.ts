import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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
  private readonly written: Promise<void>;
  private bytes = 0;
  /** Whether lines were left out. */
  full = false;

  constructor(path: string) {
    const file = createWriteStream(path);
    this.written = finished(file);
    this.gzip.on('data', (part: Buffer) => {
      this.bytes += part.length;
    });
    this.gzip.pipe(file);
  }

  write(line: object): void {
    this.full ||= this.bytes > MOST_BYTES;
    if (!this.full) this.gzip.write(`${JSON.stringify(line)}\n`);
  }

  end(): Promise<void> {
    this.gzip.end();
    return this.written;
  }
}

/** The folder of a run while it is written. If its process is killed, what is there can still be read. */
export class RunFolder {
  private readonly samples: Lines;
  private readonly live: Lines;
  private readonly began = performance.now();

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

  async end(run: Run, report: (samples: Sample[]) => string): Promise<void> {
    await Promise.all([this.samples.end(), this.live.end()]);
    writeFileSync(join(this.path, RUN), JSON.stringify(run, null, 1));
    writeFileSync(join(this.path, 'report.html'), report(readSamples(this.path)));
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
  const run = JSON.parse(text) as Run;
  if (run.format !== 1) throw new Error(`${path} is of another version: play the scenario again`);
  return run;
}

function readSamples(path: string): Sample[] {
  return lines<Sample>(join(path, SAMPLES));
}

export function readLive(path: string): LiveEvent[] {
  return lines<LiveEvent>(join(path, LIVE));
}

/** For a file that was cut off, the lines that are there. */
function lines<Line>(path: string): Line[] {
  const text = gunzipSync(readFileSync(path), { finishFlush: constants.Z_SYNC_FLUSH }).toString();
  return text
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as Line);
}
