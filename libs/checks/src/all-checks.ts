import { type ServiceClient, ServiceFaults } from '@app/service-client';
import { ANSWERING } from './answering.checks';
import type { Check } from './check';
import { faultChecks } from './faults.checks';
import { TELEMETRY } from './telemetry.checks';
import { WRITING } from './writing.checks';

/** Those that only look. */
export const QUIET_CHECKS: readonly Check[] = [...ANSWERING, ...TELEMETRY];

/**
 * What must be true of a running system, in an order that lets the later ones see what the earlier ones did. Which
 * faults there are the services say; by default only those that are fit for a routine check.
 */
export async function allChecks(services: ServiceClient, everyFault = false): Promise<readonly Check[]> {
  const faults = await new ServiceFaults(services).listOfAny();
  const chosen = faults?.filter(({ routine }) => routine || everyFault);
  return [...ANSWERING, ...WRITING, ...TELEMETRY, ...faultChecks(chosen)];
}
