import type { Scope } from '../../data/generated/client.js';
import { badUserInput } from '../../errors.js';
import { builder } from '../../graphql/builder.js';
import type { Operation } from '../../graphql/columns.js';
import type { Context } from '../../graphql/context.js';
import { placeOf } from '../../graphql/place-args.js';
import { scopeArgument } from '../../graphql/root-fields.js';
import { placeOfRow, readIn } from '../../graphql/row-place.js';
import type { Place } from '../../policy/situation.js';
import { ScopeRef } from './scope.types.js';

/** The first children of a scope by name; for all scopes of a level at once. */
export async function childrenOf(
  row: { readonly id: string },
  first: number | null | undefined,
  context: Context,
  info: Operation,
): Promise<Scope[]> {
  const { pageSize, maxPageSize } = context.limits;
  const take = first ?? pageSize;
  if (take < 0 || take > maxPageSize) throw badUserInput(`first is 0 to ${maxPageSize}`);
  const { select } = context.columnsOf('Scope', info);
  const children = { take, orderBy: [{ name: 'asc' }, { id: 'asc' }], select };
  const place = placeOfRow(row, context);
  const parent = await context.loaders.related('Scope', { children }, place).load(row.id);
  const found = (parent?.children ?? []) as Scope[];
  readIn(found, place);
  return found;
}

/** `scopeByExternalId`: external ids are unique in an organization, the one acted in (D4). */
export function defineScopeByExternalId(): void {
  builder.queryField('scopeByExternalId', (t) =>
    t.field({
      type: ScopeRef,
      nullable: true,
      authScopes: { signedIn: true },
      description:
        'The scope with this id in another system, in the organization acted in; null if there is none that you may read.',
      args: {
        externalId: t.arg.string({ required: true, description: 'Its id in the other system.' }),
        scope: t.arg(scopeArgument),
      },
      resolve: async (_root, { externalId, scope }, context) => {
        const asked = await placeOf({ scope }, context);
        const { organizationId } = asked;
        if (externalId.includes('\0') || organizationId === null) return null;
        if (asked.coverage.kind === 'global') return null;
        const place: Place = { ...asked, coverage: { kind: 'organization', organizationId } };
        const found = await context
          .dbAt(place, 'tenant')
          .scope.findFirst({ where: { externalId } });
        if (found !== null) readIn([found], place);
        return found;
      },
    }),
  );
}
