const TIME_COLUMN = 80;

/** Shows on the terminal what happens, and how long each step took. */
export class Progress {
  constructor(private readonly out: NodeJS.WriteStream = process.stdout) {
    // The terminal may be closed, or the pipe's reader gone: no reason to exit without stopping the others.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  }

  say(text: string): void {
    this.wipe();
    this.out.write(`${text}\n`);
  }

  fail(text: string): void {
    this.wipe();
    process.stderr.write(`✗ ${text}\n`);
  }

  /**
   * Shows `doing` while the work runs, if the terminal can erase it again; then what was `done`.
   *
   * @param done returns the line, possibly with lines of detail below it; undefined if nothing is worth showing
   */
  async step<T>(doing: string, work: () => Promise<T>, done: (result: T) => string | undefined): Promise<T> {
    const started = performance.now();
    if (this.out.isTTY) this.out.write(`\r\x1b[K… ${doing}`);
    const result = await work();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const [line, ...details] = done(result)?.split('\n') ?? [];
    if (line) this.say([`${`✓ ${line}`.padEnd(TIME_COLUMN)} ${seconds} s`, ...details].join('\n'));
    else this.wipe();
    return result;
  }

  private wipe(): void {
    if (this.out.isTTY) this.out.write('\r\x1b[K');
  }
}
