export { type Asked, failed, judge, passed, unseen, type Verdict } from './judge';
export { METRICS, REPLACED } from './metrics/conventions';
export { readsAs } from './metrics/read-percentile';
export { type Shown, type Visibility, visibility } from './outage/outage';
export { NOT_JUDGED, READER_KEYS, READERS, type Reader } from './readers/readers';
export type { Received } from './received';
export { LEVELS, type Level, type Signal } from './rule';
export { RULES } from './rules';
