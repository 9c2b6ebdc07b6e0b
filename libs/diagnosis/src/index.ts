export { diagnose } from './diagnose';
export { type Diagnosis, Diagnostician, type Finding } from './diagnostician';
export { FAILURES } from './failures';
export { type Features, features } from './features/features';
export type {
  ClientSample,
  DatabaseSample,
  Histogram,
  OperationHistogram,
  Sample,
  SessionSample,
  StatementSample,
  Subject,
  WaitingSample,
} from './sample';
export type { FailureName } from './signs';
