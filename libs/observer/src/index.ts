export type { Session, Waiting } from './database-eye';
export { type Observation, type Observed, Observer, sampleOf } from './observer';
