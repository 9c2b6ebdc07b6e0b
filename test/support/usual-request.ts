import type { Answer, RunningService } from './running-service';

/** Share of the requests that change data, if the service has such; half of them have a key. */
const CHANGES = 0.3;

/**
 * One of the usual requests to a service.
 * @param which from 0 and below 1: selects the request, and is its key
 */
export function usualRequest(service: RunningService, which: number): Promise<Answer> {
  const headers = which > 1 - CHANGES / 2 ? { 'Idempotency-Key': String(which) } : undefined;
  const changes = which > 1 - CHANGES;
  const order = { user_id: 'load', product_id: 5, quantity: 1 };
  if (service.name === 'product') return service.get('/products/5');
  if (service.name === 'inventory')
    return changes
      ? service.post('/inventory/reserve', { product_id: 5, quantity: 1 }, headers)
      : service.get('/inventory/check/5');
  return changes ? service.post('/orders/create', order, headers) : service.get('/orders/popular-products');
}

export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}
