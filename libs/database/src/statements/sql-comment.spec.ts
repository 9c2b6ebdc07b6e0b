import { INVALID_SPAN_CONTEXT } from '@opentelemetry/api';
import { withComment } from './sql-comment';
import { select, transactionControl } from './statement';

const SPAN = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 3 };
const COMMENT = "/*traceparent='00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03'*/";

describe('the comment that connects a statement with its trace', () => {
  it('is appended to the text, with all flags, and the statement is no longer prepared', () => {
    const plain = select('products', 'SELECT name FROM products WHERE id = $1');
    expect(withComment(plain, SPAN)).toEqual({
      ...plain,
      text: `SELECT name FROM products WHERE id = $1 ${COMMENT}`,
      preparedAs: undefined,
    });
    expect(withComment(transactionControl('COMMIT'), SPAN).text).toBe(`COMMIT ${COMMENT}`);
  });

  it('is left out if nothing is traced', () => {
    const plain = select('products', 'SELECT 1');
    expect(withComment(plain, INVALID_SPAN_CONTEXT)).toBe(plain);
  });
});
