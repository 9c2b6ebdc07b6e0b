export type { Session, Waiting } from './database-eye';
export { type Observation as Look, type Observed as Place, Observer, sampleOf } from './observer';
