import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { copyContext } from './build-context.ts';
import { type Instruction, type Stage, stages } from './dockerfile.ts';

/** The file system that the Dockerfile makes, by running its instructions as plain commands. */
export class Image {
  /** The application in the image, below the WORKDIR. */
  readonly root: string;
  /** A Node.js that an account without rights may run. */
  readonly node: string;
  private readonly scratch: string;

  private constructor(scratch: string) {
    this.scratch = scratch;
    this.root = join(scratch, 'final/app');
    this.node = join(scratch, 'node');
  }

  /** @throws with the output of the instruction that failed */
  static build(): Image {
    const scratch = mkdtempSync(join(tmpdir(), 'chart-image-'));
    chmodSync(scratch, 0o755);
    const image = new Image(scratch);
    copyContext(join(scratch, 'context'));
    copyFileSync(process.execPath, image.node);
    for (const stage of stages()) image.run(stage);
    execFileSync('chmod', ['-R', 'a-w,a+rX', image.root]);
    return image;
  }

  remove(): void {
    execFileSync('chmod', ['-R', 'u+w', this.scratch]);
    rmSync(this.scratch, { recursive: true });
  }

  private run({ name, instructions }: Stage): void {
    let folder = join(this.scratch, name);
    for (const instruction of instructions) {
      if (instruction.name === 'WORKDIR') folder = join(this.scratch, name, instruction.text);
      mkdirSync(folder, { recursive: true });
      if (instruction.name === 'COPY') this.copy(instruction, folder);
      if (instruction.name === 'RUN') this.execute(instruction.text, folder);
    }
  }

  private copy({ flags, words }: Instruction, folder: string): void {
    const from = join(this.scratch, flags.from ?? 'context');
    const to = join(folder, words.at(-1) ?? '');
    for (const source of words.slice(0, -1)) {
      // Several files go into a folder; one file or folder gets the target's name.
      const target = words.length > 2 ? join(to, basename(source)) : to;
      cpSync(join(from, source), target, { recursive: true, verbatimSymlinks: true });
    }
  }

  private execute(command: string, folder: string): void {
    // The image's Node.js is the only one, as in the base image.
    const bin = join(this.scratch, 'bin');
    mkdirSync(bin, { recursive: true });
    copyFileSync(this.node, join(bin, 'node'));
    const env = {
      PATH: `${bin}:/usr/local/bin:/usr/bin:/bin`,
      HOME: process.env.HOME,
      npm_config_prefer_offline: 'true',
    };
    try {
      execFileSync('/bin/sh', ['-c', command], { cwd: folder, env, stdio: 'pipe' });
    } catch (error) {
      const { stdout, stderr } = error as { stdout: Buffer; stderr: Buffer };
      throw new Error(`RUN ${command}\n${stdout}${stderr}`);
    }
  }
}
