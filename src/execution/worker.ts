import { forbidden } from '../errors.js';
import type { Grant, Principal } from '../policy/principal.js';
import type { Apart } from '../request/apart.js';

/** What a worker reaches: everywhere, or the places that its grants do. */
export interface Reach {
  readonly everywhere: boolean;
  readonly grants: readonly Pick<Grant, 'scopeIds' | 'switches'>[];
}

/**
 * What a worker's key reaches (D34): the places that its grants of `execution:work` do, or all of them.
 *
 * @throws DomainError FORBIDDEN: it is no ownerless API key that holds it anywhere
 */
export async function reachOf({ tx, principal }: Pick<Apart, 'tx' | 'principal'>): Promise<Reach> {
  const { keyId } = principal;
  if (keyId === null || !isOfNobody(principal)) {
    throw forbidden('work is claimed by an API key of nobody');
  }
  const [found] = await tx.$queryRaw<{ everywhere: boolean }[]>`
    SELECT heimdall_works_everywhere(${keyId}::text::uuid) AS everywhere`;
  const everywhere = found?.everywhere === true && isForWork(principal);
  const grants = principal.grants.filter(isWork);
  if (!everywhere && grants.length === 0) throw forbidden('it holds no execution:work');
  return {
    everywhere,
    grants: grants.map(({ scopeIds, switches = [] }) => ({ scopeIds, switches })),
  };
}

/** INVARIANT: what is on a condition, for one execution by its id, or for some people's alone, is no grant to work (D34). */
const isWork = ({ resourceType, action, pattern, dataAccess }: Grant): boolean =>
  resourceType === 'execution' && action === 'work' && pattern === '*' && dataAccess === 'ALL_DATA';

const isOfNobody = ({ kind, userId, teams }: Principal): boolean =>
  kind === 'API_KEY' && userId === null && teams.resolved && teams.ids.length === 0;

const isForWork = ({ operations }: Principal): boolean =>
  operations?.includes('execution:work') === true;
