export type { Session, Waiting } from './database-eye';
export { type Look, Observer, type Place, sampleOf } from './observer';
