import { HOLDER } from './r07-holder';
import type { Row } from './row';

/** The table, in its order. */
export const ROWS: Row[] = [HOLDER];
