import { PRODUCTS } from './database.ts';

/** One of the operations that are compared. */
export interface Operation {
  name: 'check' | 'reserve' | 'create' | 'popular-products';
  /** The service that has it. */
  service: 'inventory' | 'order';
  /** Whole HTTP requests, to be sent in turn. */
  requests: string[];
}

const ids = Array.from({ length: PRODUCTS }, (_, place) => ((place * 37) % PRODUCTS) + 1);

export const OPERATIONS: Operation[] = [
  {
    name: 'check',
    service: 'inventory',
    requests: ids.map((id) => get(`/inventory/check/${id}`)),
  },
  {
    name: 'reserve',
    service: 'inventory',
    requests: ids.map((id) => post('/inventory/reserve', { product_id: id, quantity: 1 })),
  },
  {
    name: 'create',
    service: 'order',
    requests: ids.map((id) => post('/orders/create', { user_id: 'bench', product_id: id, quantity: 1 })),
  },
  {
    name: 'popular-products',
    service: 'order',
    requests: [get('/orders/popular-products')],
  },
];

function get(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n`;
}

/** @param headers further ones, each with its end of line */
export function post(path: string, body: object, headers = ''): string {
  const text = JSON.stringify(body);
  return `POST ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nContent-Type: application/json\r\n${headers}Content-Length: ${text.length}\r\n\r\n${text}`;
}
