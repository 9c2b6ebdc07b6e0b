import { type ServiceClient, ServiceFaults } from '@app/service-client';
import { ANSWERING } from './answering.checks';
import type { Check } from './check';
import { faultChecks } from './faults.checks';
import { TELEMETRY } from './telemetry.checks';
import { WRITING } from './writing.checks';

/** The checks that change nothing. */
export const QUIET_CHECKS: readonly Check[] = [...ANSWERING, ...TELEMETRY];

/**
 * What must be true of a running system, in an order that lets later checks see what earlier ones did. The services say
 * which faults there are; by default only those that suit a routine check are tested.
 */
export async function allChecks(services: ServiceClient, everyFault = false): Promise<readonly Check[]> {
  const faults = await new ServiceFaults(services).listOfAny();
  const chosen = faults?.filter(({ routine }) => routine || everyFault);
  return [...ANSWERING, ...WRITING, ...TELEMETRY, ...faultChecks(chosen)];
}
