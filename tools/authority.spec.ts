import { authority } from './authority';

describe('host and port in a URL', () => {
  it.each([
    ['db.example.org', 'db.example.org:5432'],
    ['10.0.0.7', '10.0.0.7:5432'],
    ['fd00::7', '[fd00::7]:5432'],
    ['::1', '[::1]:5432'],
  ])('%s is %s', (host, written) => {
    expect(authority(host, 5432)).toBe(written);
    expect(new URL(`postgresql://postgres@${written}/x`).host).toBe(written);
  });
});
