export { allChecks, QUIET_CHECKS } from './all-checks';
export { type Check, type CheckedSystem, type CheckResult, runCheck } from './check';
export type { Observed } from './observed';
export { withFaultsRestored } from './with-faults-restored';
