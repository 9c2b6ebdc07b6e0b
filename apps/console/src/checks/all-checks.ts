import { ANSWERING } from './answering.checks';
import type { Check } from './check';
import { FAULTS } from './faults.checks';
import { TELEMETRY } from './telemetry.checks';
import { WRITING } from './writing.checks';

/** What must be true of a running system, in an order that lets the later ones see what the earlier ones did. */
export const ALL_CHECKS: readonly Check[] = [...ANSWERING, ...WRITING, ...TELEMETRY, ...FAULTS];
