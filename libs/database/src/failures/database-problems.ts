/** How a failure of the database appears over HTTP: the stable end of `type`, the status and the title (RFC 9457). */
export const DATABASE_PROBLEMS = {
  'invalid-request': [400, 'The request is not valid'],
  'not-found': [404, 'There is nothing here'],
  conflict: [409, 'Concurrent changes got in the way'],
  'rule-violated': [409, 'The data does not allow this'],
  'internal-error': [500, 'This is a fault of the service'],
  'database-unavailable': [503, 'No database connection could be had in time'],
  'database-connection-lost': [503, 'The connection to the database was lost'],
  'database-silent': [503, 'The database did not answer in time'],
  'outcome-unknown': [503, 'Whether the change was made is not known'],
  'database-password-refused': [503, 'The database refuses the password of this service'],
  'database-login-refused': [503, 'The database refuses the login of this service'],
  'database-tls-failed': [503, 'No encrypted connection to the database could be made'],
  'database-missing': [503, 'The database does not exist'],
  'database-schema-missing': [503, 'A table of the database is missing'],
  'database-privilege-missing': [503, 'The database denies this service a privilege'],
  'database-read-only': [503, 'The database accepts no changes'],
  'database-schema-changed': [503, 'A table of the database was changed'],
  'database-out-of-resources': [503, 'The database server has run out of a resource'],
  'database-disk-full': [503, 'The disk of the database server is full'],
  'lock-timeout': [503, 'A lock could not be had in time'],
  'transaction-timeout': [503, 'The transaction took too long'],
  'statement-timeout': [504, 'The database took too long'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type DatabaseProblem = keyof typeof DATABASE_PROBLEMS;
