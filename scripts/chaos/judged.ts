import type { GatewayProcess } from '../../test/support/gateway-process.js';
import type { Person, World } from '../../test/support/world.js';
import { launchedWith, type Wanted } from './launching.js';

/** What became of what there is, and what is wrong with it. */
interface Judged {
  readonly statuses: Readonly<Record<string, number>>;
  readonly wrong: readonly string[];
}

/** None may be lost, none run twice that is tried once, and none be left over. */
export async function judged({ client }: World, ids: readonly string[]): Promise<Judged> {
  const rows = await client.execution.findMany();
  const runs = await client.$queryRaw<{ id: string; count: number }[]>`
    SELECT execution_id::text AS id, count(*)::int AS count FROM chaos_run GROUP BY 1`;
  const ran = new Map(runs.map(({ id, count }) => [id, count]));
  const statuses: Record<string, number> = {};
  const wrong: string[] = [];
  const there = new Set(rows.map(({ id }) => id));
  for (const id of ids) if (!there.has(id)) wrong.push(`${id} is lost`);
  for (const { id, status, maxAttempts, finishedAt, leaseExpiresAt } of rows) {
    statuses[status] = (statuses[status] ?? 0) + 1;
    const count = ran.get(id) ?? 0;
    if (finishedAt === null)
      wrong.push(`${id} is ${status}, its lease until ${leaseExpiresAt?.toISOString()}`);
    if (count > maxAttempts) wrong.push(`${id} ran ${count} times, and may ${maxAttempts}`);
    if (status === 'SUCCEEDED' && count === 0) wrong.push(`${id} succeeded and never ran`);
  }
  return { statuses, wrong };
}

/**
 * What was wanted once is there once, as it was acknowledged; what was refused is not there, unless it was done by a request
 * whose answer was lost.
 */
export async function judgedWanted(world: World, wanted: readonly Wanted[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const { key, id, lost } of wanted) {
    const found = (await launchedWith(world, key)).map((one) => one.id);
    const isRight =
      id === null ? found.length <= (lost > 0 ? 1 : 0) : found.length === 1 && found[0] === id;
    if (!isRight) wrong.push(`${key} was answered ${id}, and there is [${found}]`);
  }
  return wrong;
}

/** So many are asked for at once. */
const AT_ONCE = 50;

/** Why each was denied is told to who inspects executions, and not to its launcher, who sees that it was (D31, D33). */
export async function judgedDenials(
  { client }: World,
  gateway: GatewayProcess,
  who: { readonly inspectors: readonly Person[]; readonly launchers: readonly Person[] },
): Promise<string[]> {
  const wrong: string[] = [];
  const seen = async ({ email }: Person, ids: readonly string[]): Promise<Map<string, Seen>> => {
    const source =
      'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Execution { id status reason } } }';
    const { data } = await gateway.ask(email, source, { ids });
    return new Map(data.nodes.flatMap((one: Seen | null) => (one === null ? [] : [[one.id, one]])));
  };
  const denied = await client.execution.findMany({ where: { status: 'DENIED' } });
  // Whoever is not active is told nothing at all.
  await client.user.updateMany({ data: { isActive: true } });
  for (const launcher of who.launchers) {
    const mine = denied.filter(({ createdById }) => createdById === launcher.id);
    for (let at = 0; at < mine.length; at += AT_ONCE) {
      const some = mine.slice(at, at + AT_ONCE);
      const ids = some.map(({ id }) => id);
      const own = await seen(launcher, ids);
      const all = await Promise.all(who.inspectors.map((one) => seen(one, ids)));
      for (const { id, reason } of some) {
        const shown = own.get(id);
        if (shown?.status !== 'DENIED' || shown.reason !== null)
          wrong.push(`the launcher of ${id} is shown ${JSON.stringify(shown)}`);
        // Of one organization each, and so there is one of each execution.
        const told = all.flatMap((one) => one.get(id)?.reason ?? []);
        if (reason === null || told.length !== 1 || told[0] !== reason)
          wrong.push(`${id} was denied: ${reason}; who inspects it is told [${told}]`);
      }
    }
  }
  return wrong;
}

interface Seen {
  readonly id: string;
  readonly status: string;
  readonly reason: string | null;
}
