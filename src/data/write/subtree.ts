import type { Transaction } from './in-transaction.js';

/**
 * Deletes a scope with all that lives in it and below. It decides nothing: whoever calls it has decided on every row.
 * What lies outside and needs something within is a foreign key violation.
 */
export async function deleteSubtree(tx: Transaction, scopeId: string): Promise<void> {
  await tx.$executeRaw`SELECT heimdall_delete_subtree(${scopeId}::text::uuid)`;
}
