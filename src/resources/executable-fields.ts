import type { FieldBuilder } from '../graphql/builder.js';
import type { FilterRelation } from '../graphql/filters.js';
import { isPermitted } from '../graphql/loaders.js';
import { managedBy, toManyKept } from '../graphql/relations.js';
import { AccessLevelEnum, known } from '../graphql/scalars.js';
import { ACCESS_LEVELS } from '../policy/vocabulary.js';
import { ownershipFields, ownershipFilters, placedFields, placedFilters } from './placed-fields.js';
import { RoleRef, roleFieldsFilter } from './role/role.types.js';

interface ExecutableRow {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly isActive: boolean;
  readonly accessLevel: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** What forms, workflows, agents and apps have in common. */
export function executableFields<Row extends ExecutableRow>(t: FieldBuilder<Row>, model: string) {
  return {
    name: t.string({
      nullable: false,
      description: 'Its name, unique at its scope.',
      resolve: (row) => row.name,
    }),
    description: t.string({
      nullable: true,
      description: 'What it is for.',
      resolve: (row) => row.description,
    }),
    isActive: t.boolean({
      nullable: false,
      description: 'Whether it can be used; an inactive one is seen by its managers alone.',
      resolve: (row) => row.isActive,
    }),
    canUse: t.boolean({
      nullable: false,
      description: 'Whether you may use it, and not merely manage it (D6).',
      resolve: (row, _args, context) => isPermitted(model, 'use', row, context),
    }),
    accessLevel: t.field({
      type: AccessLevelEnum,
      nullable: true,
      authScopes: managedBy(model),
      description: 'Who may use it (D6); null if it is none that this version knows. For managers.',
      resolve: (row) => known(ACCESS_LEVELS, row.accessLevel),
    }),
    roles: t.field(
      toManyKept(model, ['roles', 'role'], 'roleIds', RoleRef, {
        description: 'The roles whose holders may use it when it is ROLE_BASED. For managers.',
        managed: true,
      }) as never,
    ),
    ...placedFields(t, model),
    ...ownershipFields(t, model),
  };
}

export const executableFilters: Record<string, FilterRelation> = {
  ...placedFilters,
  ...ownershipFilters,
  roles: {
    filter: roleFieldsFilter,
    list: true,
    through: 'role',
    description: 'The roles whose holders may use it. Only rows that you manage match.',
  },
};
