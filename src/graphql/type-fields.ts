import type { FieldRef } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import { dataModel } from '../data/generated-data-model.js';
import { decidingColumns } from '../policy/deciding-columns.js';
import { MANAGE } from '../policy/resolve.js';
import { fieldOf, relationOf } from '../query/data-model.js';
import type { FieldMeaning } from '../query/meaning.js';
import type { Context } from '../request/context.js';
import { isPermitted } from '../request/loaders.js';
import type { ById, ByIds, FieldMap, Listed, Resource, Told } from './declared.js';
import { kindOf, known, typeOf } from './kinds.js';
import { connectionOf, type ListArgs, pageArguments, rowArguments } from './list.js';
import { resolveListed } from './listed-pages.js';
import { refOf } from './refs.js';
import { resourceOf } from './registry.js';
import { resolveRelated, toMany } from './related-pages.js';
import { loadKept, loadMany, loadOne } from './relations.js';
import { marked } from './subgraph-marks.js';
import type { ColumnName, FieldBuilder, ModelName, RelationName, RowOf, Types } from './types.js';

const CAN_MANAGE =
  'Whether you see its fields for managers (D15). What you may change is another question.';

/** The fields of a resource's type: each states what it reads, so that no more is read. */
export class TypeFields<M extends ModelName = ModelName> {
  readonly resource: Resource<M>;
  readonly #t: FieldBuilder<RowOf<M>>;

  constructor(resource: Resource<M>, t: FieldBuilder<RowOf<M>>) {
    this.resource = resource;
    this.#t = t;
  }

  /** A field whose resolver takes it out of the columns that it `reads`. */
  get computed(): FieldBuilder<RowOf<M>>['field'] {
    return this.#t.field.bind(this.#t) as FieldBuilder<RowOf<M>>['field'];
  }

  /** The same for managers: null to others, and told to be withheld (D15). */
  forManagers(options: {
    readonly type: unknown;
    readonly reads: readonly (keyof RowOf<M> & string)[];
    readonly meaning?: FieldMeaning;
    readonly description: string;
    readonly resolve: (row: RowOf<M>, context: Context) => unknown;
  }): FieldRef<Types, unknown> {
    return this.#field({
      ...options,
      nullable: true,
      managed: true,
      resolve: (row, _args, context) => options.resolve(row as RowOf<M>, context),
    });
  }

  /** For the arguments of such a field. */
  get arguments(): Pick<FieldBuilder<RowOf<M>>, 'arg'> {
    return this.#t;
  }

  /** What the traits of the resource show; and, where some of its fields are for managers, who is one. */
  traits(): FieldMap {
    const { traits, policy } = this.resource;
    const shared = traits.map((trait) => trait.fields(this as never));
    const canManage = () => this.permitted(MANAGE, CAN_MANAGE);
    const isManaged = (policy.fields.managed ?? []).length > 0;
    return Object.assign({}, ...shared, isManaged ? { canManage: canManage() } : {});
  }

  /** A column as it is; one for managers is null to others (D15). */
  column(name: ColumnName<M>): FieldRef<Types, unknown> {
    const { model, columns } = this.resource;
    const column = columns.get(name);
    const field = fieldOf(dataModel, model, name);
    if (column === undefined || column.class === 'sealed' || field.kind !== 'scalar') {
      throw new Error(`${model}.${name} is not declared to be shown`);
    }
    const managed = column.class === 'managed';
    const { values, description } = column;
    return this.#field({
      type: typeOf(kindOf(field, column)),
      nullable: !field.required || managed || values !== undefined,
      description,
      reads: [name],
      meaning: { kind: 'column', column: name, managed },
      managed,
      resolve: (row) => {
        const value = (row as Record<string, unknown>)[name];
        return values === undefined ? value : known(values, value);
      },
    });
  }

  /** A to-one relation: null when there is none that the caller may read (D15). */
  one(name: RelationName<M>, told: Told = {}): FieldRef<Types, unknown> {
    const { model } = this.resource;
    const { relation, managed } = this.#relation(name);
    const { type, from } = relationOf(dataModel, model, name);
    const [foreignKey] = from;
    if (foreignKey === undefined) throw new Error(`${model}.${name} is no to-one relation`);
    return this.#field({
      type: refOf(type as ModelName),
      nullable: true,
      description: told.description ?? relation.description,
      ...(told.deprecated === undefined ? {} : { deprecationReason: told.deprecated }),
      reads: [foreignKey],
      meaning: { kind: 'one', relation: name, managed },
      managed,
      resolve: (row, _args, context, info) =>
        loadOne(type, (row as Record<string, unknown>)[foreignKey], row, context, info),
    });
  }

  /**
   * A to-many relation: a page of the related rows that the caller may read; or all of them, by name, where
   * the row itself has their ids, which are few then.
   */
  many(name: RelationName<M>, told: Told = {}): FieldRef<Types, unknown> {
    const { model } = this.resource;
    const { relation, managed } = this.#relation(name);
    const { far, kept } = relation;
    const path = toMany(model, name, far);
    const target = path.target as ModelName;
    const field = {
      // A field that may be withheld is null then, and must be able to be.
      nullable: managed,
      description: told.description ?? relation.description,
      managed,
    };
    const is = { kind: 'many', relation: name, managed, ...(far === undefined ? {} : { far }) };
    if (kept === undefined) {
      return this.#field({
        ...field,
        type: connectionOf(target),
        args: { ...pageArguments(this.#t), ...rowArguments(this.#t, target) },
        reads: [],
        meaning: is as FieldMeaning,
        resolve: (row, args, context, info) =>
          resolveRelated(path, args as ListArgs, row, context, info),
      });
    }
    return this.#field({
      ...field,
      type: [refOf(target)],
      reads: [kept],
      // By which the rows are sorted.
      readsThere: namingOf(target),
      meaning: { ...is, kept } as FieldMeaning,
      resolve: (row, _args, context, info) =>
        loadKept(target, (row as Record<string, unknown>)[kept], row, context, info),
    });
  }

  /** A row by an id that the row knows, if the caller may read that one. */
  rowById(target: ModelName, { idOf, ...told }: ById<RowOf<M>>): FieldRef<Types, unknown> {
    return this.#field({
      ...told,
      type: refOf(target),
      nullable: true,
      managed: false,
      resolve: async (row, _args, context, info) =>
        loadOne(target, await idOf(row as RowOf<M>, context), row, context, info),
    });
  }

  /** The rows by ids that the row knows, in their order: those that the caller may read. */
  rowsById(target: ModelName, { idsOf, ...told }: ByIds<RowOf<M>>): FieldRef<Types, unknown> {
    return this.#field({
      ...told,
      type: [refOf(target)],
      nullable: false,
      managed: false,
      resolve: (row, _args, context, info) =>
        loadMany(target, idsOf(row as RowOf<M>), row, context, info),
    });
  }

  /** A page of rows that a filter finds, with a statement of its own for each row that has the field. */
  listed(target: ModelName, { where, ...told }: Listed<RowOf<M>>): FieldRef<Types, unknown> {
    return this.#field({
      ...told,
      type: connectionOf(target),
      nullable: false,
      args: { ...pageArguments(this.#t), ...rowArguments(this.#t, target) },
      managed: false,
      resolve: (row, args, context, info) =>
        resolveListed(target, where(row as RowOf<M>), args as ListArgs, row, context, info),
    });
  }

  /** Whether the row permits an action to the caller. */
  permitted(action: string, description: string): FieldRef<Types, unknown> {
    const { model, policy } = this.resource;
    return this.#field({
      type: 'Boolean',
      nullable: false,
      description,
      reads: decidingColumns(policy, action),
      meaning: { kind: 'permitted', action },
      managed: false,
      resolve: (row, _args, context) => isPermitted(model, action, row, context),
    });
  }

  #relation(name: string) {
    const relation = this.resource.relations.get(name);
    if (relation === undefined) throw new Error(`${this.resource.model}.${name} is not declared`);
    return { relation, managed: relation.class === 'managed' };
  }

  /** Pothos infers a field's types from what it is given; here they are only known at run time. */
  #field({ managed, ...options }: AnyField): FieldRef<Types, unknown> {
    const { model, policy } = this.resource;
    const field = {
      ...options,
      description: managed ? `${options.description} For managers.` : options.description,
      reads: managed ? [...options.reads, ...decidingColumns(policy, MANAGE)] : options.reads,
      ...(managed ? { ...forManagersOf(model), ...marked({ managed: true }) } : {}),
    };
    return this.#t.field(field as never) as FieldRef<Types, unknown>;
  }
}

interface AnyField {
  readonly type: unknown;
  readonly nullable: boolean;
  readonly description: string;
  readonly deprecationReason?: string;
  readonly reads: readonly string[];
  readonly readsThere?: readonly string[];
  readonly meaning?: FieldMeaning;
  readonly args?: object;
  readonly managed: boolean;
  readonly resolve: (
    row: { readonly id: string },
    args: object,
    context: Types['Context'],
    info: GraphQLResolveInfo,
  ) => unknown;
}

/** The column that names rows of a model. */
function namingOf(model: string): readonly string[] {
  const { name } = resourceOf(model).policy;
  return name === undefined ? [] : [name];
}

/**
 * What a management field needs: Manage(read) on its row (D15). Where it is not managed the field is null, without
 * an error, and the answer says once that it was withheld.
 */
function forManagersOf(model: string) {
  return {
    authScopes: (row: { readonly id: string }) => ({ manages: { model, row } }),
    unauthorizedResolver: (
      _row: unknown,
      _args: object,
      { withheld }: Context,
      { fieldName }: GraphQLResolveInfo,
    ): null => {
      withheld.add(`${model}.${fieldName}`);
      return null;
    },
  };
}
