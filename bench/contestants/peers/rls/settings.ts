import { type Caller, RESOURCES } from '../principal.js';
import { READER } from './policies.js';

const list = (ids: readonly string[]): string => `{${ids.join(',')}}`;

/** What the policies read of the session, for the time of a transaction. */
export function settingsOf(caller: Caller): Record<string, string> {
  const settings: Record<string, string> = {
    role: READER,
    // A policy hides from the planner whose rows are asked for; else it sorts them all for a page.
    random_page_cost: '1.0',
    'bench.user_id': caller.id,
    'bench.organization_id': caller.organizationId,
    'bench.root_scope_id': caller.rootScopeId,
    'bench.is_admin': String(caller.isAdmin),
    'bench.team_ids': list(caller.teamIds),
    'bench.mate_ids': list(caller.mateIds),
    'bench.held_role_ids': list(caller.heldRoleIds),
    'bench.held_scope_ids': list(caller.heldScopeIds),
    'bench.root_role_ids': list(caller.rootRoleIds),
  };
  for (const resource of RESOURCES) {
    const { all, team, own, any, global, root } = caller.readable[resource];
    for (const [name, ids] of Object.entries({ all, team, own, any })) {
      settings[`bench.${resource}_${name}`] = list(ids);
    }
    settings[`bench.${resource}_global`] = String(global);
    settings[`bench.${resource}_root`] = String(root);
  }
  return settings;
}
