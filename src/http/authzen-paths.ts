/** Where a decision point says what it can be asked (RFC 8615). */
export const AUTHZEN_CONFIGURATION = '/.well-known/authzen-configuration';

/** Before the name of each endpoint. */
export const AUTHZEN_BASE = '/access/v1/';

/** Whether a path is one of those that can be asked for decisions. */
export const isAuthzen = (path: string): boolean => path.startsWith(AUTHZEN_BASE);
