import type { Contestant } from '../contestant.js';
import { gatewayCanonical, gatewayRequest } from '../heimdall-requests.js';
import { assertInstalled } from './installed.js';

/** prisma-rls, which despite its name asks nothing of the database. */
export const prismaRls: Contestant = {
  name: 'prisma-rls',
  what: 'Yoga over Prisma 7 with the extension prisma-rls',
  entry: 'peers/prisma-rls/process.ts',
  workloads: ['Q1', 'Q2', 'Q3', 'Q4', 'Q6', 'Q8'],
  prepare: async () => assertInstalled(),
  request: gatewayRequest,
  canonical: gatewayCanonical,
};
