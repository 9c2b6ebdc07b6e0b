/** A reservation that was requested until its outcome was known. */
export interface Reservation {
  product: number;
  quantity: number;
  /** How often it was requested, with one key. */
  tries: number;
  /** `performance.now()` before the first attempt, and after the answer. */
  started: number;
  ended: number;
  /** The stock that it left; undefined if it was refused. */
  remaining?: number;
  /** The stock when it was refused. */
  available?: number;
}

/**
 * Contradictions in a history of reservations, one sentence for each product that has one. As in Jepsen's method, the
 * answers alone must be consistent with one order of all reservations: each took from what the previous one left, and
 * none came before one that had ended when it began.
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
