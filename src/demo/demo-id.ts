import { createHash } from 'node:crypto';

/**
 * The id of something in the demo world. It follows from what the thing is called, so that it is
 * the same in every database, and it has the shape of a UUID v7, as all ids do.
 *
 * @param kind what it is, as in `form`
 * @param key its name among those, as in `acme/Onboarding`
 */
export function demoId(kind: string, key: string): string {
  const hex = createHash('sha256').update(`${kind}:${key}`).digest('hex');
  return `01930000-0000-7${hex.slice(0, 3)}-8${hex.slice(3, 6)}-${hex.slice(6, 18)}`;
}
