export { type Asked, evaluate, failed, passed, unseen, type Verdict } from './evaluate';
export { METRICS, REPLACED } from './metrics/conventions';
export { readsAs } from './metrics/read-percentile';
export { type Shown, type Visibility, visibility } from './outage/outage';
export { NOT_EVALUATED, READER_KEYS, READERS, type Reader } from './readers/readers';
export type { Received } from './received';
export { LEVELS, type Level, type Signal } from './rule';
export { RULES } from './rules';
