import { Prisma } from '../generated/client.js';

/** Permissions that have a condition (D11), be it null in JSON. */
export const CONDITIONAL = { condition: { not: Prisma.DbNull } };
