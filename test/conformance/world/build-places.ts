import { BUILT_IN_TYPES } from './built-in.js';
import { choose, type Draft, nameFor } from './draft.js';
import type { Spec } from './spec.js';
import { PLATFORM, type Row, rootOf } from './types.js';

/** The tenants, with the root scopes that come with them. */
export function buildOrganizations(draft: Draft, spec: Spec): void {
  spec.organizations.forEach(({ name, active, provider }, index) => {
    const id = draft.next('Organization');
    const cells = {
      name: nameFor(name),
      domain: index === 0 ? null : `d${index}`,
      isActive: active,
      isProvider: provider,
    };
    const root = rootOf(id);
    draft.add('Organization', id, { cells, one: { rootScope: root }, many: {} }, name);
    const one = { organization: id, parent: PLATFORM, type: BUILT_IN_TYPES.tenant };
    // Made with the organization, and so as old.
    const cellsOfRoot = { name: null, externalId: null };
    draft.add('Scope', root, { cells: cellsOfRoot, one, many: {} }, name);
  });
}

/** Tenants' own types of either mode, and trees of scopes of those and of the built-in ones. */
export function buildScopes(draft: Draft, spec: Spec): void {
  for (const { organization, mode, name } of spec.types) {
    const tenant = choose(draft.of('Organization'), organization).id;
    const cells = {
      name: nameFor(name),
      permissionMode: choose(['DEFINE', 'MERGE', 'MERGE', 'WEIRD'], mode),
    };
    if (!draft.take('type', tenant, cells.name)) continue;
    const one = { organization: tenant };
    draft.add('ScopeType', draft.next('ScopeType'), { cells, one, many: { mayContain: [] } }, name);
  }
  for (const { parent, type, name, external } of spec.scopes) {
    const above = choose(
      draft.of('Scope').filter((scope) => scope.id !== PLATFORM),
      parent,
    );
    const tenant = draft.tenantOf(above.id);
    const holder = draft.get('ScopeType', above.one.type as string);
    const own = draft.of('ScopeType').filter((one) => one.one.organization === tenant);
    const built = (holder.many.mayContain ?? []).filter((id) => BUILT_IN_TYPES.free.includes(id));
    // Tenants' own types twice: DEFINE below the root is what is worth a look.
    const types = [...built, ...own.map((one) => one.id), ...own.map((one) => one.id)];
    if (types.length === 0) continue;
    const typeId = choose(types, type);
    allow(draft, holder, typeId);
    const externalId = external % 3 === 0 ? nameFor(external) : null;
    const kept = externalId !== null && draft.take('external', tenant, externalId);
    const cells = {
      name: name % 4 === 0 ? null : nameFor(name),
      externalId: kept ? externalId : null,
    };
    const one = { organization: tenant, parent: above.id, type: typeId };
    draft.add('Scope', draft.next('Scope'), { cells, one, many: {} }, name);
  }
}

/** Types may contain what their scopes contain. */
function allow(draft: Draft, holder: Row, typeId: string): void {
  const contained = holder.many.mayContain ?? [];
  if (contained.includes(typeId)) return;
  const index = draft.rows.indexOf(holder);
  draft.rows[index] = { ...holder, many: { mayContain: [...contained, typeId] } };
}
