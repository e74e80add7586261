import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Database } from '../../src/data/clients.js';
import { covers, lockAuthority, vectorOf } from '../../src/data/write/authority.js';
import {
  inTransaction,
  RetryTransaction,
  type Transaction,
} from '../../src/data/write/in-transaction.js';
import { DEFAULT_LIMITS } from '../../src/limits/limits.js';
import { SYSTEM_ROLES } from '../../src/policy/vocabulary.js';
import type { World } from './world.js';

// However slow the machine is, who waits for another one is not given up: that is refused as well, and no race.
const PATIENT = { ...DEFAULT_LIMITS, lockMs: 60_000, writeMs: 120_000 };

/** What races came to. */
export interface Races {
  readonly rounds: number;
  /** Written by somebody whose right to it had been revoked before. INVARIANT: none. */
  readonly wrong: number;
  /** Written before the revocation, and not written because of it: a race has both. */
  readonly before: number;
  readonly refused: number;
  /** How long each revocation took, in milliseconds, sorted. */
  readonly waits: readonly number[];
}

export interface RaceOptions {
  readonly rounds: number;
  /** So many race at once, in one organization. */
  readonly lanes: number;
  /** Who revokes: a command of the gateway, or somebody with SQL. */
  readonly by: 'command' | 'sql';
  /** False: without any lock, to see that it is missed. */
  readonly locking?: boolean;
}

/** Somebody of a foreign organization holds a role in another one, and writes there while it is revoked. */
export async function race(db: Database, world: World, options: RaceOptions): Promise<Races> {
  const [home, place] = [await world.organization(), await world.organization()];
  const root = await rootOf(world, place);
  const waits: number[] = [];
  const count = { wrong: 0, before: 0, refused: 0 };
  let left = options.rounds;

  const people: { userId: string; membership: string }[] = [];
  for (let lane = 0; lane < options.lanes; lane++) {
    const userId = await world.user(home);
    const values = {
      id: randomUUID(),
      user_id: userId,
      scope_id: root,
      organization_id: place,
    };
    people.push({ userId, membership: await world.insert('membership', values) });
  }

  await Promise.all(
    people.map(async ({ userId, membership }) => {
      while (left-- > 0) {
        await grant(db, membership, place);
        const name = randomUUID();
        const [written, revoked] = await Promise.all([
          write(db, userId, { place, root }, name, options),
          revoke(db, membership, place, name, options),
        ]);
        waits.push(revoked.tookMs);
        // Who revokes sees, at the end of it, everything that was written before.
        if (!written) count.refused++;
        else if (revoked.seen) count.before++;
        else count.wrong++;
      }
    }),
  );
  return { rounds: options.rounds, ...count, waits: waits.sort((a, b) => a - b) };
}

/** The scope that an organization's own rows are in. */
export async function rootOf(world: World, organization: string): Promise<string> {
  const { id } = await world.row<{ id: string }>(
    'SELECT id FROM scope WHERE organization_id = $1 AND home_id = id',
    organization,
  );
  return id;
}

async function grant(db: Database, membershipId: string, place: string): Promise<void> {
  const work = async (tx: Transaction) => {
    await lockAuthority(tx, { shared: [], exclusive: [place] });
    await tx.roleAssignment.create({ data: { membershipId, roleId: SYSTEM_ROLES.Owner } });
  };
  await inTransaction(db.client, PATIENT, work, { command: 'assignRole' });
}

/** Writes if it is permitted to, as every command does; says whether it has. */
async function write(
  db: Database,
  userId: string,
  { place, root }: { place: string; root: string },
  name: string,
  { locking = true }: RaceOptions,
): Promise<boolean> {
  let vector = await vectorOf(db.client, { userId });
  return inTransaction(
    db.client,
    PATIENT,
    async (tx) => {
      const locks = { shared: [...vector.organizationIds, place] };
      if (locking) await lockAuthority(tx, locks);
      // No command could do without.
      else await tx.$executeRaw`SELECT set_config('heimdall.command', '', true)`;
      const [found] = await tx.$queryRaw<
        { holds: boolean; organizationIds: string[]; versions: string[] }[]
      >`
        SELECT p.grants @> '[{"resourceType": "form", "action": "create"}]' AS holds, v.*
        FROM heimdall_principal(${userId}::text::uuid, null, null) p, heimdall_vector(${userId}::text::uuid) v`;
      if (found === undefined) throw new Error('there is no such user');
      if (locking && !covers(locks, found)) {
        vector = found;
        throw new RetryTransaction();
      }
      if (!found.holds) return false;
      await pause();
      await tx.form.create({ data: { name, organizationId: place, scopeId: root } });
      return true;
    },
    { command: 'createForm' },
  );
}

/** Revokes; says whether the write came before, and how long it took. */
async function revoke(
  db: Database,
  membershipId: string,
  place: string,
  name: string,
  { by, locking = true }: RaceOptions,
): Promise<{ seen: boolean; tookMs: number }> {
  await pause();
  const began = performance.now();
  const result = (seen: boolean) => ({ seen, tookMs: performance.now() - began });
  if (by === 'command' && locking) {
    return inTransaction(
      db.client,
      PATIENT,
      async (tx) => {
        await lockAuthority(tx, { shared: [], exclusive: [place] });
        await tx.roleAssignment.deleteMany({ where: { membershipId } });
        return result((await tx.form.count({ where: { name } })) > 0);
      },
      { command: 'revokeRole' },
    );
  }
  return db.sql.transaction(async (tx) => {
    await tx.query('DELETE FROM role_assignment WHERE membership_id = $1', [membershipId]);
    return result((await tx.query('SELECT FROM form WHERE name = $1', [name])).length > 0);
  });
}

const pause = () => setTimeout(Math.random() * 8);

/** One line for people. */
export function told({ rounds, wrong, before, refused, waits }: Races): string {
  const at = (share: number) => Math.round(waits[Math.floor(share * (waits.length - 1))] ?? 0);
  return `${rounds} races: ${wrong} wrong, ${before} written before, ${refused} refused; the revoker took ${at(0.5)} ms (median), ${at(0.99)} ms (p99), ${at(1)} ms (most)`;
}
