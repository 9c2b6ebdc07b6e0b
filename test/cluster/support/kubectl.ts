import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { KUBECTL } from '../../chart/support/helm.ts';

/** The kubeconfig that a person's own kubectl would use. */
export const KUBECONFIG = process.env.KUBECONFIG || join(homedir(), '.kube/config');

/** Any object of Kubernetes, as its API returns it. */
export type Resource = Record<string, any>;

/** Runs kubectl on the current context. @throws the output of kubectl */
export function kubectl(args: readonly string[], input?: string): Promise<string> {
  const env = { PATH: process.env.PATH, HOME: homedir(), KUBECONFIG };
  return new Promise((resolve, reject) => {
    const child = execFile(KUBECTL, args, { env, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`kubectl ${args.join(' ')}: ${stderr.trim() || error.message}`));
      else resolve(stdout);
    });
    child.stdin?.end(input);
  });
}

/** Objects as the API returns them; one or a list. */
export async function get(...args: string[]): Promise<Resource> {
  return JSON.parse(await kubectl(['get', ...args, '-o', 'json']));
}
