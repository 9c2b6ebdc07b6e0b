export const LOAD_HELP = `Sends load to the three services: the five operations, and a checkout that crosses all of them.
Users arrive at random, independently of each other and of how fast the services answer. Same seed, same requests.

  npm run load -- --rate 50 --duration 60s --seed 7

  --rate N          arrivals per second on average, 0.1 to 1000: 5
  --duration T      such as 500ms, 60s, 10m, 2h: 30s
  --seed N          which requests are sent, and when: 1
  --product URL     http://localhost:30010
  --inventory URL   http://localhost:30015
  --order URL       http://localhost:30016
  --json            the summary as JSON

The columns: sent; ok; 409, out of stock; 503, no database connection in time; failed, anything else; late, sent more
than 50 ms after it was due because this program was busy; the percentiles of the answers, in milliseconds from when
they were due. Ctrl-C ends it early, with its summary.`;
