import type { Prisma, PrismaClient } from '../data/generated/client.js';
import { BUILT_IN_SCOPE_TYPES, PLATFORM_ROOT_ID, SYSTEM_ROLES } from '../policy/vocabulary.js';
import { DEMO_IDS } from './ids.js';
import { EVERYTHING, type Part } from './part.js';
import { plantPeople } from './plant-people.js';
import { plantPlaces } from './plant-places.js';
import { plantRoles } from './plant-roles.js';
import { plantRows } from './plant-rows.js';

export interface SeedOptions {
  /**
   * The issuer of the tokens that people will show; each of them is bound to their development
   * subject. Null: nobody is bound, and first contact by verified email binds them (D18).
   */
  readonly issuer?: string | null;
}

/** The database holds data of somebody's own; the message is one sentence for an operator. */
export class SeedRefusedError extends Error {
  override readonly name = 'SeedRefusedError';
}

const TIMEOUT_MS = 120_000;

/** The migrations make one for everything that can be permitted. */
const BUILT_IN_PERMISSION = { scopeId: PLATFORM_ROOT_ID, resourcePattern: '*' };

/**
 * Puts the demo world into an empty, migrated database, in one transaction. Where the demo world
 * was put before, nothing changes, whatever has become of it since.
 *
 * @param client the client without enforcement
 * @throws SeedRefusedError when there are other data
 */
export function seedDemo(
  client: PrismaClient,
  { issuer = 'heimdall-dev' }: SeedOptions = {},
): Promise<'seeded' | 'already there'> {
  return client.$transaction(
    async (tx) => {
      // Of two that seed at once the second waits here, and then finds the world. Whoever adds a
      // tenant of their own waits too.
      await tx.$executeRaw`LOCK TABLE organization IN SHARE ROW EXCLUSIVE MODE`;
      if (await isPlanted(tx)) return 'already there';
      await assertEmpty(tx);
      await plant(tx, issuer, EVERYTHING);
      return 'seeded';
    },
    { isolationLevel: 'ReadCommitted', maxWait: TIMEOUT_MS, timeout: TIMEOUT_MS },
  );
}

/**
 * Puts the Playground back as it was, and nothing else of the demo world: whatever was made in that
 * organization is deleted. The record keeps what happened there (D19).
 *
 * @param client the client without enforcement
 * @throws SeedRefusedError when the demo world is not there
 */
export async function resetPlayground(
  client: PrismaClient,
  { issuer = 'heimdall-dev' }: SeedOptions = {},
): Promise<void> {
  await client.$transaction(
    async (tx) => {
      await tx.$executeRaw`LOCK TABLE organization IN SHARE ROW EXCLUSIVE MODE`;
      if (!(await isPlanted(tx))) {
        throw new SeedRefusedError('the database has no demo world: npm run seed puts it there');
      }
      await tx.organization.deleteMany({ where: { id: DEMO_IDS.organizations.playground } });
      await plant(tx, issuer, (organization) => organization === 'playground');
    },
    { isolationLevel: 'ReadCommitted', maxWait: TIMEOUT_MS, timeout: TIMEOUT_MS },
  );
}

async function plant(tx: Prisma.TransactionClient, issuer: string | null, part: Part) {
  await plantPlaces(tx, part);
  await plantPeople(tx, issuer, part);
  await plantRoles(tx, part);
  await plantRows(tx, part);
}

/** All of it was made in one transaction, so that any tenant of it tells that it was. */
async function isPlanted(tx: Prisma.TransactionClient): Promise<boolean> {
  const ids = Object.values(DEMO_IDS.organizations);
  return (await tx.organization.count({ where: { id: { in: ids } } })) > 0;
}

/** Whatever is not of the migrations is somebody's own. */
async function assertEmpty(tx: Prisma.TransactionClient): Promise<void> {
  const builtInTypes = Object.values(BUILT_IN_SCOPE_TYPES);
  const systemRoles = Object.values(SYSTEM_ROLES);
  const found: readonly (readonly [name: string, count: number])[] = [
    ['organizations', await tx.organization.count()],
    ['users', await tx.user.count()],
    ['scopes', await tx.scope.count({ where: { id: { not: PLATFORM_ROOT_ID } } })],
    ['scope types', await tx.scopeType.count({ where: { id: { notIn: builtInTypes } } })],
    ['roles', await tx.role.count({ where: { id: { notIn: systemRoles } } })],
    ['permissions', await tx.permission.count({ where: { NOT: BUILT_IN_PERMISSION } })],
    ['forms', await tx.form.count()],
    ['workflows', await tx.workflow.count()],
    ['agents', await tx.agent.count()],
    ['apps', await tx.app.count()],
    ['configs', await tx.config.count()],
  ];
  const others = found.filter(([, count]) => count > 0);
  if (others.length === 0) return;
  const list = others.map(([name, count]) => `${name}: ${count}`).join(', ');
  throw new SeedRefusedError(
    `the database holds other data (${list}): the demo world goes into an empty database alone`,
  );
}
