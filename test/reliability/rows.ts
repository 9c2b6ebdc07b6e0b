import { NETWORK } from './r01-network';
import { RESTARTS } from './r02-restarts';
import { STOCK } from './r03-stock';
import { CRASH } from './r04-crash';
import { IDEMPOTENCY } from './r05-idempotency';
import { CYCLES } from './r06-cycles';
import { HOLDER } from './r07-holder';
import { FAULT_RACES } from './r08-fault-races';
import { FAULT_ABUSE } from './r09-fault-abuse';
import { FUZZ } from './r10-fuzz';
import { SLOW_CLIENTS } from './r11-slow-clients';
import { ROLLING_STOP } from './r12-rolling-stop';
import { TELEMETRY_BACKEND } from './r13-telemetry-backend';
import { QUEUE } from './r14-queue';
import { START } from './r15-start';
import { ALERTS } from './r16-alerts';
import { SURROUNDINGS } from './r17-surroundings';
import { EVERY_FAULT } from './r18-every-fault';
import type { Row } from './row';

/** The table, in its order. */
export const ROWS: Row[] = [
  NETWORK,
  RESTARTS,
  STOCK,
  CRASH,
  IDEMPOTENCY,
  CYCLES,
  HOLDER,
  FAULT_RACES,
  FAULT_ABUSE,
  FUZZ,
  SLOW_CLIENTS,
  ROLLING_STOP,
  TELEMETRY_BACKEND,
  QUEUE,
  START,
  ALERTS,
  SURROUNDINGS,
  EVERY_FAULT,
];
