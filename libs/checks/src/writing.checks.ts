import { answered } from './answering.checks';
import type { Check } from './check';

const TIMEOUT_MS = 15_000;
/** The user id by which a person recognises what a check has left in the data. */
const USER = 'verify';
const PRODUCT = 5;

/** Checks that change data. No service takes back an order, so the evidence says what stays. */
export const WRITING: Check[] = [
  {
    id: 'reserve',
    title: 'Reserving stock works',
    disturbs: true,
    run: ({ services }) => {
      const request = { product_id: PRODUCT, quantity: 1 };
      return answered(
        services.post('inventory', '/inventory/reserve', request, TIMEOUT_MS),
        ({ remaining_stock }) => `one piece taken, ${remaining_stock} left`,
      );
    },
  },
  {
    id: 'create',
    title: 'Creating an order works',
    disturbs: true,
    run: ({ services }) => {
      const request = { user_id: USER, product_id: PRODUCT, quantity: 1 };
      return answered(
        services.post('order', '/orders/create', request, TIMEOUT_MS),
        ({ order_id }) => `order ${order_id} of user ${USER} stays`,
      );
    },
  },
];
