import { percent, rate } from './format';

describe('numbers on the page', () => {
  it('are 0 only where there is nothing, and 100 % only where it is everything', () => {
    expect([0, 0.013, 0.1, 4.56, 10.4, 98.7, 99.6, 100].map(percent)).toEqual([
      ...['0 %', '<0.1 %', '0.1 %', '4.6 %', '10 %', '99 %', '>99 %', '100 %'],
    ]);
    expect([0, 0.0033, 0.01, 1.234, 12.34, 1_234].map(rate)).toEqual([
      ...['0', '<0.01', '0.01', '1.23', '12.3', '1,234'],
    ]);
  });
});
