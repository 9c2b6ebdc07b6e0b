/** A reservation that was asked for, until it was known what came of it. */
export interface Reservation {
  product: number;
  quantity: number;
  /** How often it was asked for, with one key. */
  tries: number;
  /** `performance.now()` before the first try, and after the answer. */
  started: number;
  ended: number;
  /** What it left in stock; undefined when it was refused. */
  remaining?: number;
  /** What was in stock when it was refused. */
  available?: number;
}

/**
 * What cannot be in a history of reservations, one sentence for each product with such a thing. As in Jepsen's
 * method, the answers alone must tell of one order in which they all happened: each took from what the one before
 * it left, none before one that had ended when it began.
 *
 * @param before stock of each product before the first reservation
 * @param after the same after the last one
 */
export function contradictions(
  reservations: Reservation[],
  before: Map<number, number>,
  after: Map<number, number>,
): string[] {
  return [...before].flatMap(([product, stock]) => {
    const wrong = contradiction(
      reservations.filter((one) => one.product === product),
      stock,
      after.get(product),
    );
    return wrong ? [`product ${product}: ${wrong}`] : [];
  });
}

function contradiction(asked: Reservation[], before: number, after?: number): string | undefined {
  const made = asked
    .filter(({ remaining }) => remaining !== undefined)
    .sort((one, other) => Number(other.remaining) - Number(one.remaining));
  const levels = new Set([before]);
  let left = before;
  let latestStart = 0;
  for (const { quantity, remaining, started, ended } of made) {
    left -= quantity;
    levels.add(left);
    if (left !== remaining) return `${quantity} were taken and ${remaining} left, where ${left} should be`;
    if (ended < latestStart) return `a reservation took from the stock that a later one left`;
    latestStart = Math.max(latestStart, started);
  }
  if (left !== after) return `${before} before, ${before - left} reserved, ${after} after`;
  const refused = asked.filter(({ available }) => available !== undefined);
  for (const { quantity, available = 0 } of refused)
    if (available >= quantity || !levels.has(available))
      return `${quantity} were refused while ${available} were in stock`;
  return undefined;
}
