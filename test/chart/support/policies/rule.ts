import type { Manifest } from '../manifests.ts';

/** A rule over all objects of a release: what is wrong, one line each. */
export type Rule = (all: readonly Manifest[]) => string[];
