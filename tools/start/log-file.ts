import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

const LAST_LINES = 20;

/** A log that a full disk or a deleted folder makes incomplete, without any other effect. */
export class LogFile {
  private file?: number;
  private mode = 'w';

  /** @param path emptied by the first `open` */
  constructor(readonly path: string) {}

  /** For a child's standard output; `ignore` if the file cannot be opened. Close it once the child has it. */
  open(): number | 'ignore' {
    try {
      const file = openSync(this.path, this.mode);
      this.mode = 'a';
      return file;
    } catch {
      return 'ignore';
    }
  }

  /** A line that cannot be written is left out. */
  write(line: string): void {
    try {
      this.file ??= Number(this.open()) || undefined;
      if (this.file !== undefined) writeSync(this.file, `${line}\n`);
    } catch {
      // It is opened again for the next line: by then the problem may be fixed.
      if (this.file !== undefined) closeSync(this.file);
      this.file = undefined;
    }
  }

  /** The last lines, and where to find the rest. */
  lastLines(): string {
    try {
      const lines = readFileSync(this.path, 'utf8').trimEnd().split('\n').slice(-LAST_LINES);
      return `The end of ${this.path}:\n${lines.map((line) => `  | ${line}`).join('\n')}`;
    } catch (error) {
      return `There is no log (${(error as Error).message}).`;
    }
  }
}
