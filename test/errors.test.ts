import { describe, expect, it } from 'vitest';
import * as errors from '../src/errors.js';

const { DomainError, ERROR_CODES, isDomainError } = errors;
const made = [
  errors.unauthenticated(),
  errors.forbidden(),
  errors.notFound(),
  errors.scopeForbidden(),
  errors.badUserInput('a name is needed'),
  errors.conflict(),
  errors.cascadeWriteForbidden(),
  errors.leaseLost(),
  errors.limitExceeded('too deep'),
  errors.unavailable(),
  errors.secretKeyMissing('k1'),
  errors.persistedQueryNotSupported(),
  errors.persistedQueryNotFound(),
  errors.rateLimited(3),
  errors.cursorExpired(),
  errors.tooSlow(),
  errors.internalServerError(),
];

describe('the errors that a caller may see', () => {
  it('are one of each code', () => {
    expect(made.map(({ code }) => code).sort()).toEqual([...ERROR_CODES].sort());
    expect(made.every(isDomainError)).toBe(true);
    expect(isDomainError(new Error('FORBIDDEN'))).toBe(false);
  });

  it('speak in lower case, without a final stop', () => {
    for (const { code, message } of made) {
      // Apollo's clients know these by their words.
      if (!code.startsWith('PERSISTED_QUERY_')) expect(message).toMatch(/^[a-z].*[^.]$/);
    }
  });

  it('keep what went wrong for the log alone', () => {
    const cause = new Error('password authentication failed');
    const error = errors.internalServerError(cause);
    expect(error.cause).toBe(cause);
    expect(error.message).not.toContain('password');
    expect(new DomainError('FORBIDDEN', 'no')).not.toHaveProperty('cause');
  });
});
