import { HOLDER } from './r07-holder';
import { FAULT_ABUSE } from './r09-fault-abuse';
import type { Row } from './row';

/** The table, in its order. */
export const ROWS: Row[] = [HOLDER, FAULT_ABUSE];
