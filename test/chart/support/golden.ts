import { join } from 'node:path';
import { HELM_3 } from './helm.ts';
import { withoutPasswords } from './passwords.ts';
import { HERE } from './places.ts';
import type { ValueFile } from './value-files.ts';

/** The expected rendering of a values file, and where it is kept. */
export async function goldenOf(file: ValueFile): Promise<{ path: string; content: string }> {
  return { path: goldenPath(file), content: withoutPasswords(await HELM_3.render(file.arguments)) };
}

export function goldenPath({ name }: ValueFile): string {
  return join(HERE, 'golden', `${name}.yaml`);
}
