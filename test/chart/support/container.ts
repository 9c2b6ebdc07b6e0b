import assert from 'node:assert/strict';
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Image } from './image.ts';
import { type Container, find, type Manifest } from './manifests.ts';

const SECRETS_OF_OTHERS: Record<string, string> = { token: 'a-token-of-the-user' };

/** The numeric user of the chart; only root switches to it. */
const account = process.getuid?.() === 0 ? { uid: 65_532, gid: 65_532 } : {};

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** A container of the rendered chart as a process: its arguments, its variables, its user, a read-only tree. */
export class ContainerProcess {
  readonly port: number;
  private readonly child: ChildProcess;
  private readonly output: string[];

  private constructor(child: ChildProcess, output: string[], port: number) {
    this.child = child;
    this.output = output;
    this.port = port;
  }

  /** Starts a server and waits until it reports the port on which it listens. */
  static async listening(
    image: Image,
    args: string[],
    env: Record<string, string>,
  ): Promise<ContainerProcess> {
    const [module = '', ...rest] = args;
    const child = fork(module, rest, {
      ...account,
      cwd: image.root,
      env: { ...env, PORT: '0', LISTEN_ADDRESS: '127.0.0.1' },
      execPath: image.node,
      execArgv: [],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const output = collected(child);
    const ready = once(child, 'message').then(([message]) => (message as { port: number }).port);
    const ended = once(child, 'exit').then(([code]) => {
      throw new Error(`${module} ended with ${code}: ${output.join('')}`);
    });
    ended.catch(() => undefined);
    return new ContainerProcess(child, output, await Promise.race([ready, ended]));
  }

  /** Runs a container that ends by itself. */
  static async run(image: Image, args: string[], env: Record<string, string>): Promise<Ended> {
    const child = spawn(image.node, args, {
      ...account,
      cwd: image.root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = collected(child);
    const [code] = await once(child, 'close');
    return { code, output: output.join('') };
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get said(): string {
    return this.output.join('');
  }

  /** @returns how it ended, and after how many milliseconds */
  async stop(): Promise<{ code: number | null; ms: number }> {
    if (this.child.exitCode !== null) return { code: this.child.exitCode, ms: 0 };
    const started = performance.now();
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const [code] = await ended;
    return { code, ms: performance.now() - started };
  }
}

/** Variables as Kubernetes combines them: Secrets are read, what is optional and missing is left out, $(…) is replaced. */
export function variables(all: readonly Manifest[], { env = [] }: Container): Record<string, string> {
  const values: Record<string, string> = {};
  for (const { name, value, valueFrom } of env) {
    const reference = valueFrom?.secretKeyRef;
    const text = reference ? secret(all, reference.name, reference.key) : (value ?? 'from-the-pod');
    if (text === undefined && reference?.optional) continue;
    assert.ok(text !== undefined, `${name}: the Secret ${reference?.name} has no key ${reference?.key}`);
    values[name] = text.replaceAll(/\$\((\w+)\)/g, (whole, used) => values[used] ?? whole);
  }
  return values;
}

function secret(all: readonly Manifest[], name: string, key: string): string | undefined {
  const given = SECRETS_OF_OTHERS[key];
  if (given) return given;
  const encoded: string | undefined = find(all, 'Secret', name).data[key];
  return encoded && Buffer.from(encoded, 'base64').toString();
}

function collected(child: ChildProcess): string[] {
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => output.push(String(chunk)));
  return output;
}
