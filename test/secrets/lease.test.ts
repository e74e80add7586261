import { describe, expect, it } from 'vitest';
import { leaseOf, makeLease, readExecutionToken } from '../../src/secrets/lease.js';

const ID = '019c0000-0000-7000-8000-00000000000a';

describe('D34: a lease', () => {
  it('has a token that says which attempt it is of, and proves it by what is kept', () => {
    const { leaseToken, token, hash } = makeLease(ID, 3);
    expect(leaseToken).toMatch(/^hdl_/);
    expect(readExecutionToken(token)).toEqual({ executionId: ID, attempt: 3, hash });
    expect(leaseOf(leaseToken, ID, 3)).toEqual({ token, hash });
    expect(token).not.toContain(leaseToken.slice(4));
    expect(hash).not.toBe(leaseToken);
  });

  it('is another for each attempt, each execution and each claim', () => {
    const { leaseToken, hash } = makeLease(ID, 1);
    const hashes = [
      hash,
      leaseOf(leaseToken, ID, 2).hash,
      leaseOf(leaseToken, ID.replace('a', 'b'), 1).hash,
      makeLease(ID, 1).hash,
      leaseOf('', ID, 1).hash,
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('is no fence by its token', () => {
    const { token, hash } = makeLease(ID, 1);
    for (const said of [token, token.slice(-43), `hdl_${token.slice(-43)}`, hash]) {
      expect(leaseOf(said, ID, 1).hash).not.toBe(hash);
    }
  });

  it.each(['', 'hdx_', `hdx_${'0'.repeat(32)}_0_${'A'.repeat(43)}`, `hdl_${'A'.repeat(43)}`])(
    'reads no token in %j',
    (value) => {
      expect(readExecutionToken(value)).toBeNull();
    },
  );
});
