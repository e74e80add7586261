import { expect, it } from 'vitest';
import type { EnforcedClient } from '../../../src/data/enforce/enforced-client.js';
import type { PrismaClient } from '../../../src/data/generated/client.js';
import type { Transaction } from '../../../src/data/write/in-transaction.js';

/** Whatever is read by it is guarded. */
const readBy = (client: EnforcedClient): EnforcedClient => client;

// Compiled and never run: what is not refused here fails the check of types.
function neverTaken(raw: PrismaClient, tx: Transaction): void {
  // @ts-expect-error INVARIANT: a client without enforcement is none with it.
  readBy(raw);
  // @ts-expect-error nor is that of a transaction.
  readBy(tx);
}

it('a client without enforcement cannot be taken for one with it', () => {
  expect(neverTaken).toBeTypeOf('function');
});
