import { SERVICE_OPTIONS_HELP } from '../service-options';

export const LOAD_HELP = `Sends load to the services: the five operations, and a checkout that crosses all of them.
Users arrive at random, independently of each other and of how fast the services answer. Same seed, same requests.

  npm run load -- --rate 50 --duration 60s --seed 7
  npm run load -- --rate 45 --duration 60s --give-up 500ms --retries 4

  --rate N          arrivals per second on average, 0.1 to 1000: 5
  --duration T      such as 500ms, 60s, 10m, 2h: 30s
  --seed N          which requests are sent, and when: 1
  --hot SHARE       part of the arrivals that want the favourite product, 0 to 1, or zipf: the second product is wanted
                    half as often as the first, the third a third as often: 0
  --give-up T       how long a user waits for an answer: 15s
  --retries N       how often a user sends again what failed (no answer, 429 or 5xx), 0 to 20; with them each order
                    and reservation has an Idempotency-Key, the same for all its tries: 0
  --backoff T       first pause before it is sent again, doubled each time, each a random part of that: at once
  --retry-budget P  requests sent again, as a share of those sent once, such as 10%: no limit
${SERVICE_OPTIONS_HELP}
  --json            the summary as JSON

The columns: sent; ok; 409, out of stock; 503, no database connection in time; lock, a lock that was not to be had in
time; left, the user gave up; failed, anything else; tries, requests sent; late, sent more than 50 ms after it was due
because this program was busy; the percentiles of the answers, in milliseconds from when
they were due. Ctrl-C ends it early, with its summary.`;
