import { containers, type Manifest, podTemplate } from '../manifests.ts';
import type { Stored } from './store.ts';

/** Why the API server refuses a request. */
export class Refusal extends Error {
  readonly code: number;
  readonly reason: string;

  constructor(code: number, reason: string, message: string) {
    super(message);
    this.code = code;
    this.reason = reason;
  }
}

const IMMUTABLE: Record<string, string[]> = {
  Deployment: ['selector'],
  StatefulSet: ['serviceName', 'selector', 'volumeClaimTemplates', 'podManagementPolicy'],
  Job: ['template', 'selector', 'completions'],
};

/** @throws Refusal if an immutable field changed */
export function refuseForbiddenChange(before: Stored | undefined, after: Manifest): void {
  for (const field of before ? (IMMUTABLE[after.kind] ?? []) : []) {
    if (JSON.stringify(before?.spec[field]) !== JSON.stringify(after.spec[field])) {
      throw new Refusal(
        422,
        'Invalid',
        `${after.kind} "${after.metadata.name}" is invalid: spec.${field}: field is immutable`,
      );
    }
  }
}

/** @throws Refusal if server-side apply could not distinguish two entries of a list */
export function refuseDoubledVariables(manifest: Manifest): void {
  const pod = podTemplate(manifest)?.spec;
  for (const { name, env = [] } of pod ? containers(pod) : []) {
    const names = env.map((variable) => variable.name);
    const doubled = names.find((one, index) => names.indexOf(one) !== index);
    if (doubled) {
      const at = `.spec.template.spec.containers[name="${name}"].env: duplicate entries for key [name="${doubled}"]`;
      throw new Refusal(500, 'InternalError', `failed to create typed patch object: ${at}`);
    }
  }
}

/** @throws Refusal if somebody else scaled the object and this apply wants another number */
export function refuseConflict(
  before: Stored | undefined,
  applied: Manifest,
  scaledBy: string | undefined,
): void {
  const replicas = applied.spec?.replicas;
  if (!scaledBy || replicas === undefined || before?.spec.replicas === replicas) return;
  throw new Refusal(
    409,
    'Conflict',
    `Apply failed with 1 conflict: conflict with "${scaledBy}": .spec.replicas`,
  );
}
