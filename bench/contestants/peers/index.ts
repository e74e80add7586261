import type { Contestant } from '../contestant.js';
import { postGraphile } from './postgraphile.js';
import { prismaRls } from './prisma-rls.js';
import { zenStack } from './zenstack.js';

/** The systems that others would use instead. */
export const peers: readonly Contestant[] = [prismaRls, zenStack, postGraphile];
