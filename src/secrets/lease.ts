import { createHash, randomBytes } from 'node:crypto';

/** What a worker is handed for an attempt, and what is kept of it. */
export interface Lease {
  /** The fence of its worker's mutations (D34): whoever has it may finish the attempt. */
  readonly leaseToken: string;
  /** The execution's own credential, for everything else. */
  readonly token: string;
  /** SHA-256, in hex. */
  readonly hash: string;
}

/** What an execution's token says: which attempt it is of. INVARIANT: this proves nothing of it, and names no authority (D30). */
export interface ExecutionToken {
  readonly executionId: string;
  readonly attempt: number;
  /** Of what is secret in it, as {@link Lease.hash}. */
  readonly hash: string;
}

const LEASE = /^hdl_[A-Za-z0-9_-]{43}$/;
const TOKEN = /^hdx_([0-9a-f]{32})_([1-9][0-9]{0,8})_([A-Za-z0-9_-]{43})$/;

/**
 * A new lease of an attempt. Its token follows from the fence by a hash, and what is kept follows from the token by another:
 * whoever has the token cannot finish the attempt, a heartbeat is told the token again, and no key signs anything.
 */
export function makeLease(executionId: string, attempt: number): Lease {
  const leaseToken = `hdl_${randomBytes(32).toString('base64url')}`;
  return { leaseToken, ...leaseOf(leaseToken, executionId, attempt) };
}

/** The same of a fence that a worker has shown; what is shown may be anything. */
export function leaseOf(
  leaseToken: string,
  executionId: string,
  attempt: number,
): Omit<Lease, 'leaseToken'> {
  const id = executionId.toLowerCase().replaceAll('-', '');
  const secret = createHash('sha256')
    .update(`heimdall execution\n${id}\n${attempt}\n${LEASE.test(leaseToken) ? leaseToken : ''}`)
    .digest('base64url');
  return { token: `hdx_${id}_${attempt}_${secret}`, hash: hashOf(secret) };
}

/** What a token says; null: it is none of an execution. */
export function readExecutionToken(value: string): ExecutionToken | null {
  const [, id = '', attempt = '', secret = ''] = TOKEN.exec(value) ?? [];
  if (id === '') return null;
  return { executionId: dashed(id), attempt: Number(attempt), hash: hashOf(secret) };
}

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

const dashed = (id: string): string =>
  [id.slice(0, 8), id.slice(8, 12), id.slice(12, 16), id.slice(16, 20), id.slice(20)].join('-');
