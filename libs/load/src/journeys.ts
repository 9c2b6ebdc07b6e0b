import type { ServiceKey } from '@app/service-client';
import type { Behaviour } from './behaviour';
import type { Random } from './random';

/** One HTTP request of a journey. */
export interface Step {
  service: ServiceKey;
  method: 'GET' | 'POST';
  /** The path with its parameters filled in. */
  path: string;
  /** The path as a pattern, for the name of a span. */
  route: string;
  body?: Record<string, string | number>;
}

/** What one arrival does: a request, or several one after the other. */
export interface Journey {
  operation: Operation;
  steps: Step[];
}

/** The five operations, and the journey that crosses all three services. */
export const OPERATIONS = [
  'browse products',
  'check stock',
  'popular products',
  'reserve stock',
  'create order',
  'checkout',
] as const;

export type Operation = (typeof OPERATIONS)[number];

// Of 100 arrivals; most only read, as in real shops.
const SHARES: Record<Operation, number> = {
  'browse products': 25,
  'check stock': 30,
  'popular products': 15,
  'reserve stock': 10,
  'create order': 10,
  checkout: 10,
};

/** Number of products in the demo data. */
const PRODUCTS = 24;
const SHOPPERS = 500;
/** The favourite product of a load that has one. */
const FAVOURITE = 1;
const HARMONIC = Array.from({ length: PRODUCTS }, (_, index) => 1 / (index + 1));
/** For each product, the share of the arrivals that want it or one of those before it. */
const ZIPF = HARMONIC.map((_, index) => total(HARMONIC.slice(0, index + 1)) / total(HARMONIC));

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

/**
 * The next arrival: the same seed gives the same requests, whatever the rate.
 * @param hot see {@link Behaviour.hot}; it changes the products and nothing else
 */
export function nextJourney(random: Random, hot: Behaviour['hot'] = 0): Journey {
  const operation = nextOperation(random);
  const productId = wantedProduct(random.next(), hot);
  const shopper = `shopper-${random.between(1, SHOPPERS)}`;
  const quantity = random.between(1, 3);
  const { browse, product, check, popular, reserve, create } = steps(productId, shopper, quantity);
  switch (operation) {
    case 'browse products':
      return { operation, steps: [productId % 2 === 0 ? browse : product] };
    case 'check stock':
      return { operation, steps: [check] };
    case 'popular products':
      return { operation, steps: [popular] };
    case 'reserve stock':
      return { operation, steps: [reserve] };
    case 'create order':
      return { operation, steps: [create] };
    case 'checkout':
      return { operation, steps: [product, check, reserve, create] };
  }
}

/** @param drawn random number from 0 and below 1 */
function wantedProduct(drawn: number, hot: Behaviour['hot']): number {
  if (hot === 'zipf') return 1 + ZIPF.findIndex((share) => drawn < share);
  return drawn < hot ? FAVOURITE : 1 + Math.floor(((drawn - hot) / (1 - hot)) * PRODUCTS);
}

function nextOperation(random: Random): Operation {
  let rest = random.next() * 100;
  for (const operation of OPERATIONS) {
    rest -= SHARES[operation];
    if (rest < 0) return operation;
  }
  return 'check stock';
}

function steps(product_id: number, user_id: string, quantity: number) {
  const get = (service: ServiceKey, path: string, route: string): Step => ({
    service,
    method: 'GET',
    path,
    route,
  });
  const post = (service: ServiceKey, path: string, body: Step['body']): Step => {
    return { service, method: 'POST', path, route: path, body };
  };
  return {
    browse: get('product', '/products?limit=20', '/products'),
    product: get('product', `/products/${product_id}`, '/products/:id'),
    check: get('inventory', `/inventory/check/${product_id}`, '/inventory/check/:product_id'),
    popular: get('order', '/orders/popular-products?limit=5', '/orders/popular-products'),
    reserve: post('inventory', '/inventory/reserve', { product_id, quantity }),
    create: post('order', '/orders/create', { user_id, product_id, quantity }),
  };
}
