export { type Behaviour, PATIENT } from './behaviour';
export { OPERATIONS } from './journeys';
export { LoadTotals, type OperationFigures } from './load-totals';
export { type EndedJourney, OpenLoad } from './open-load';
export { Random } from './random';
export { RollingTotals } from './rolling-totals';
export { type MeasuredSpan, spanPayload } from './span-payload';
