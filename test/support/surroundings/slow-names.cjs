// Loaded before a program: its look-ups of names are as slow, or as unreliable, as the file NAMES_FILE says:
// {"ms": 500, "failing": true} makes each take 500 ms and every second one fail.
const dns = require('node:dns');
const { readFileSync } = require('node:fs');

const { lookup } = dns;
let asked = 0;

dns.lookup = (name, options, callback) => {
  const done = callback ?? options;
  const { ms = 0, failing = false } = JSON.parse(readFileSync(process.env.NAMES_FILE, 'utf8'));
  const fails = failing && asked++ % 2 === 0;
  setTimeout(() => {
    if (!fails) return callback ? lookup(name, options, done) : lookup(name, done);
    done(
      Object.assign(new Error(`getaddrinfo EAI_AGAIN ${name}`), {
        code: 'EAI_AGAIN',
        syscall: 'getaddrinfo',
        errno: -3001,
      }),
    );
  }, ms);
};
