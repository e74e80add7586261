import { my, type Resource } from './principal.js';

/** A form or a workflow of a tenant that somebody manages for reading: D7, D8. */
function managedTenant(resource: Resource, row: string): string {
  const own = `${row}.created_by_id = ${my('id')} OR ${row}.owner_id = ${my('id')}
      OR (${row}.created_by_id IS NULL AND ${row}.owner_id IS NULL AND ${row}.team_id IS NULL)`;
  return `(${my('admin')} OR ${row}.governed_by && ${my(`${resource}_all`)}
    OR (${row}.governed_by && ${my(`${resource}_own`)} AND (${own}))
    OR (${row}.governed_by && ${my(`${resource}_team`)} AND (${own}
      OR ${row}.team_id = ANY (${my('teams')}) OR ${row}.created_by_id = ANY (${my('mates')})
      OR ${row}.owner_id = ANY (${my('mates')}))))`;
}

/** A global row is outside of reach. */
const managedGlobal = (resource: Resource): string =>
  `(${my('admin')} OR ${my(`${resource}_global`)})`;

/** Whether the row, of whichever tier, is managed. */
export function managed(resource: Resource, row: string): string {
  return `CASE WHEN ${row}.organization_id IS NULL THEN ${managedGlobal(resource)}
    ELSE ${managedTenant(resource, row)} END`;
}

/** D6, and D15 for those who manage: a form or workflow of a tenant. */
export function visibleTenant(resource: Resource, row: string): string {
  return `((${row}.is_active AND (${row}.access_level = 'AUTHENTICATED'
      OR (${row}.access_level = 'ROLE_BASED' AND (${my('admin')}
        OR (${row}.role_ids && ${my('roles')} AND EXISTS (SELECT FROM held h
          WHERE h.role_id = ANY (${row}.role_ids) AND h.scope_id = ANY (${row}.governed_by)))))))
    OR ${managedTenant(resource, row)})`;
}

/** The same of a global one, where what is held at the organization's root counts. */
export function visibleGlobal(resource: Resource, row: string): string {
  return `((${row}.is_active AND (${row}.access_level = 'AUTHENTICATED'
      OR (${row}.access_level = 'ROLE_BASED' AND (${my('admin')} OR ${row}.role_ids && ${my('root_roles')}))))
    OR ${managedGlobal(resource)})`;
}

/** By id and along relations: of the own organization, or of any for who may act in any, or global. */
export function reachable(resource: Resource, row: string): string {
  return `CASE WHEN ${row}.organization_id IS NULL THEN ${visibleGlobal(resource, row)}
    ELSE ${ofMine(row)} AND ${visibleTenant(resource, row)} END`;
}

const ofMine = (row: string): string => `(${row}.organization_id = ${my('org')} OR ${my('admin')})`;

/** A config: reading one is managing it (D17); global ones by a grant at the organization's root too. */
export function readableConfig(row: string): string {
  return `CASE WHEN ${row}.organization_id IS NULL THEN (${managedGlobal('config')} OR ${my('config_root')})
    ELSE ${ofMine(row)} AND ${managedTenant('config', row)} END`;
}

/** A role has no owner: whatever its reach, a grant reads it. */
export function readableRole(row: string): string {
  return `CASE WHEN ${row}.organization_id IS NULL THEN (${managedGlobal('role')} OR ${my('role_root')})
    ELSE ${ofMine(row)} AND (${my('admin')} OR ${row}.governed_by && ${my('role_any')}) END`;
}

/** A scope is read by grants at its parent. */
export function readableScope(row: string): string {
  return `CASE WHEN ${row}.organization_id IS NULL THEN ${managedGlobal('scope')}
    ELSE ${ofMine(row)} AND (${my('admin')} OR ${row}.governed_by && ${my('scope_any')}) END`;
}
