/** Milliseconds between attempts to log that lines were lost. */
const SAY_EVERY_MS = 5_000;

/**
 * Lines that could not be written: the disk is full, or the reader of the output is gone. Without a listener such an
 * error ends the process; a log is never worth that. The number is in /health, and in the log once it can be written.
 */
export class LostLogLines {
  /** Number of lines since the process started. */
  count = 0;
  /** Such as `ENOSPC`; undefined while nothing was lost. */
  reason?: string;
  private reported = 0;
  private timer?: NodeJS.Timeout;

  constructor(private readonly streams: NodeJS.WritableStream[] = [process.stdout, process.stderr]) {
    for (const stream of streams) stream.on('error', (error: NodeJS.ErrnoException) => this.lost(error));
  }

  private lost({ code, message }: NodeJS.ErrnoException): void {
    this.count += 1;
    this.reason = code ?? message;
    this.timer ??= setInterval(() => this.report(), SAY_EVERY_MS).unref();
  }

  private report(): void {
    const { count, reason } = this;
    if (count === this.reported) {
      clearInterval(this.timer);
      this.timer = undefined;
      return;
    }
    const line = { level: 'warn', timestamp: Date.now(), message: 'log lines were lost', count, reason };
    this.streams[0]?.write(`${JSON.stringify(line)}\n`, (error) => {
      // The attempt itself is one more lost line if it fails.
      if (!error) this.reported = count;
    });
  }
}
