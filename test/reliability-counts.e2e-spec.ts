import { ROWS } from './reliability/rows';
import { shortForms } from './reliability/short-forms';

describe('the reliability table, in short: what is judged by what is counted alone', () => {
  shortForms(ROWS.filter(({ byTime }) => !byTime));
});
