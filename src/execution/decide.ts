import { permitted } from '../data/prisma/permitted.js';
import type { VectorHolder } from '../data/write/authority.js';
import type { Principal } from '../policy/principal.js';
import { canActAnywhere, type Place } from '../policy/situation.js';
import { PLATFORM_ROOT_ID } from '../policy/vocabulary.js';
import type { Apart } from '../request/apart.js';
import type { Queued } from './queue.js';

/** What the claim of an execution was decided as: its launcher, where it runs; or why it was denied. */
export type Decided =
  | { readonly launcher: Principal; readonly place: Place }
  | { readonly denied: string };

/**
 * Decides once more, at its claim, whether what was launched may run (D33): as its launcher is now, bypass included, where it
 * runs. The reason of a denial is for inspectors alone.
 */
export async function decideClaim(apart: Apart, queued: Queued): Promise<Decided> {
  if (!queued.isOpen) return denied('the organization that it runs in is not active');
  const holder = launcherOf(queued);
  const launcher = holder === null ? null : await apart.principalOf(holder);
  if (launcher === null) return denied('its launcher may not act any more');
  const place = placeOf(launcher, queued);
  if (place.switched && !canActAnywhere(launcher)) {
    return denied('its launcher may not act in that organization any more');
  }
  const uses = async (model: string, id: string, action = 'use'): Promise<boolean> =>
    (await permitted(apart.tx, apart.guardingOf(launcher, place), model, action, [id])).has(id);
  const { formId, appId, workflowId, agentId } = queued;
  if (formId !== null && !(await uses('Form', formId)))
    return denied('the form is not its launcher’s to use');
  if (appId !== null && !(await uses('App', appId)))
    return denied('the app is not its launcher’s to use');
  if (workflowId !== null && !(await uses('Workflow', workflowId))) {
    return denied('the workflow is not its launcher’s to use');
  }
  if (agentId !== null && !(await uses('Agent', agentId))) {
    const isCalled = await isCalledInPrivate(apart, queued, (action) =>
      uses('Agent', agentId, action),
    );
    if (!isCalled) return denied('the agent is not its launcher’s to use');
  }
  return { launcher, place };
}

const denied = (reason: string): Decided => ({ denied: reason });

/** By what its launcher is read; null: by nothing that there is. */
function launcherOf({
  launcherKind,
  launcherKeyId,
  createdById,
}: Pick<Queued, 'launcherKind' | 'launcherKeyId' | 'createdById'>): VectorHolder | null {
  if (launcherKind === 'USER') return createdById === null ? null : { userId: createdById };
  if (launcherKeyId === null) return null;
  if (launcherKind === 'API_KEY') return { apiKeyId: launcherKeyId };
  return launcherKind === 'VIRTUAL_KEY' ? { virtualKeyId: launcherKeyId } : null;
}

/** Where it runs, as its launcher acts there. */
function placeOf({ organizationId: home }: Principal, { organizationId, path }: Queued): Place {
  const chain = path.filter((id) => id !== PLATFORM_ROOT_ID);
  return {
    organizationId,
    switched: organizationId !== home,
    coverage: { kind: 'chain', scopeIds: chain },
    chain,
    includeShadowed: false,
  };
}

/**
 * A PRIVATE agent runs by delegation, over an edge that is still there, and by schedules of who may update it (D6, D13, D36).
 *
 * INVARIANT: it is PRIVATE by its own word: of what any other level keeps out, nothing lets in.
 */
async function isCalledInPrivate(
  { tx }: Apart,
  { agentId, parentId, scheduleId, organizationId }: Queued,
  permits: (action: string) => Promise<boolean>,
): Promise<boolean> {
  const [agent] = await tx.$queryRaw<{ delegated: boolean }[]>`
    SELECT EXISTS (SELECT FROM execution p JOIN agent_delegate d ON d.agent_id = p.agent_id
      WHERE p.id = ${parentId}::text::uuid AND d.delegate_id = a.id) AS delegated
    FROM agent a WHERE a.id = ${agentId}::text::uuid AND a.is_active AND a.access_level = 'PRIVATE'
      AND (a.organization_id IS NULL OR a.organization_id = ${organizationId}::text::uuid)`;
  if (agent === undefined) return false;
  return agent.delegated || (scheduleId !== null && parentId === null && (await permits('update')));
}
