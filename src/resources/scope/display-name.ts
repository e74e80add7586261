import { organizationRootedAt } from '../../policy/root-scope.js';
import type { Operation } from '../../request/columns.js';
import type { Context } from '../../request/context.js';
import { placeOfRow } from '../../request/row-place.js';

interface Named {
  readonly id: string;
  readonly name: string | null;
  readonly externalId: string | null;
  readonly typeId: string;
}

/**
 * What people call a scope, never nothing: its name; else its id in another system; else, of a root, its organization's name; else
 * what its type is called. INVARIANT: what may not be read gives no name (D14).
 */
export async function displayNameOf(
  scope: Named,
  context: Context,
  info: Operation,
): Promise<string> {
  const own = scope.name || scope.externalId;
  if (own) return own;
  const place = placeOfRow(scope, context);
  const nameOf = async (model: string, id: string): Promise<string> => {
    const row = await context.loaders.row(model, place, info, ['name']).load(id);
    return typeof row?.name === 'string' ? row.name : '';
  };
  const organizationId = organizationRootedAt(scope.id);
  const rooted = organizationId === null ? '' : await nameOf('Organization', organizationId);
  return rooted || (await nameOf('ScopeType', scope.typeId)) || 'unnamed';
}
