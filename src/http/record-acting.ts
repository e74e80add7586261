import type { ActingIn, Exchange } from './exchange.js';

/** Records that somebody acts in other organizations than their own (D19); rejects where that cannot be written. */
export type RecordActing = (acting: ActingIn, requestId: string) => Promise<void>;

/**
 * Records where a request acts that only reads, before its answer is given; what is changed or refused has entries of its own.
 *
 * @throws DomainError UNAVAILABLE: nobody reads in another organization without a trace
 */
export async function recorded(
  { acting, id }: Pick<Exchange, 'acting' | 'id'>,
  record: RecordActing | undefined,
): Promise<void> {
  if (acting === undefined || acting.where.length === 0) return;
  await record?.(acting, id);
}
