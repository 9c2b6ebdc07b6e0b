import { ROWS } from './reliability/rows';
import { shortForms } from './reliability/short-forms';

describe('the reliability table, in short: the rows that measure time too', () => {
  shortForms(ROWS.filter(({ byTime }) => byTime));
});
