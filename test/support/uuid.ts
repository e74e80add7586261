import { randomUUID } from 'node:crypto';

/** A random id of version 7, as an organization must have (D1). */
export function uuid7(): string {
  return randomUUID().replace(/^(.{14})4/, '$17');
}
