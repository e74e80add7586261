import type { FieldBuilder } from '../graphql/builder.js';
import type { FilterRelation } from '../graphql/filters.js';
import type { SortField } from '../graphql/keyset.js';
import { toOne } from '../graphql/relations.js';
import { OrganizationRef, organizationFieldsFilter } from './organization/organization.types.js';
import { ScopeRef, scopeFieldsFilter } from './scope/scope.types.js';
import { TeamRef, teamFieldsFilter } from './team/team.types.js';
import { UserRef, userFieldsFilter } from './user/user.types.js';

interface EditedRow {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Of everything that is edited. */
export function editedFields<Row extends EditedRow>(t: FieldBuilder<Row>) {
  return {
    version: t.int({
      nullable: false,
      description: 'Counts its changes; an update names the one it saw.',
      resolve: (row) => row.version,
    }),
    createdAt: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'When it was made.',
      resolve: (row) => row.createdAt,
    }),
    updatedAt: t.field({
      type: 'DateTime',
      nullable: false,
      description: 'When it was changed last.',
      resolve: (row) => row.updatedAt,
    }),
  };
}

export function organizationField<Row extends { readonly id: string }>(
  t: FieldBuilder<Row>,
  model: string,
) {
  return {
    organization: t.field(
      toOne(model, 'organization', OrganizationRef, {
        description:
          'The organization it belongs to; null for a global row, or one you may not read.',
      }) as never,
    ),
  };
}

/** Of everything that lives at a scope. */
export function placedFields<Row extends EditedRow>(t: FieldBuilder<Row>, model: string) {
  return {
    ...editedFields(t),
    ...organizationField(t, model),
    scope: t.field(
      toOne(model, 'scope', ScopeRef, {
        description: 'The scope it lives at, if you may read that one.',
      }) as never,
    ),
  };
}

/** Who made and owns a row: management fields (D15). */
export function ownershipFields<Row extends { readonly id: string }>(
  t: FieldBuilder<Row>,
  model: string,
) {
  const managed = true;
  return {
    createdBy: t.field(
      toOne(model, 'createdBy', UserRef, {
        description: 'Who made it. For managers.',
        managed,
      }) as never,
    ),
    owner: t.field(
      toOne(model, 'owner', UserRef, {
        description: 'Who owns it. For managers.',
        managed,
      }) as never,
    ),
    team: t.field(
      toOne(model, 'team', TeamRef, {
        description: 'The team it belongs to. For managers.',
        managed,
      }) as never,
    ),
  };
}

export const placedFilters: Record<'organization' | 'scope', FilterRelation> = {
  organization: {
    filter: organizationFieldsFilter,
    description: 'The organization it belongs to.',
  },
  scope: { filter: scopeFieldsFilter, description: 'The scope it lives at.' },
};

const MANAGED_FILTER = 'Only rows that you manage match.';

export const ownershipFilters: Record<'createdBy' | 'owner' | 'team', FilterRelation> = {
  createdBy: { filter: userFieldsFilter, description: `Who made it. ${MANAGED_FILTER}` },
  owner: { filter: userFieldsFilter, description: `Who owns it. ${MANAGED_FILTER}` },
  team: { filter: teamFieldsFilter, description: `The team it belongs to. ${MANAGED_FILTER}` },
};

export const sortByText = (
  field: string,
  nullable = false,
): SortField & { description: string } => ({
  field,
  kind: 'text',
  nullable,
  description: `By ${field}, by the bytes of the text.`,
});

export const sortByTimes = {
  CREATED_AT: {
    field: 'createdAt',
    kind: 'date',
    nullable: false,
    description: 'By when it was made.',
  },
  UPDATED_AT: {
    field: 'updatedAt',
    kind: 'date',
    nullable: false,
    description: 'By when it was changed last.',
  },
  ID: { field: 'id', kind: 'id', nullable: false, description: 'By id.' },
} as const;
