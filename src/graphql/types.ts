import type { EnumRef, InputObjectRef } from '@pothos/core';
import type { Prisma } from '../data/generated/client.js';
import type { Context } from '../request/context.js';

export interface SchemaShape {
  Context: Context;
  AuthScopes: {
    /** Somebody acts: anyone but ANONYMOUS (D18). */
    signedIn: boolean;
    /** Manage(read) on the row (D15), where it was listed. */
    manages: { readonly model: string; readonly row: { readonly id: string } };
  };
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    JSON: { Input: unknown; Output: unknown };
  };
}

/** The types of the schema, in Pothos's words. */
export type Types = PothosSchemaTypes.ExtendDefaultTypes<SchemaShape>;
export type FieldBuilder<Row> = PothosSchemaTypes.ObjectFieldBuilder<Types, Row>;
export type AnyInput = InputObjectRef<Types, Record<string, unknown>>;
export type AnyEnum = EnumRef<Types, string>;

export type ModelName = Prisma.ModelName;
type Payload<M extends ModelName> = Prisma.TypeMap['model'][M]['payload'];

/** A row of a model. INVARIANT: only the columns that the operation's fields read are really there. */
export type RowOf<M extends ModelName> = Payload<M>['scalars'];
export type ColumnName<M extends ModelName> = keyof RowOf<M> & string;
export type RelationName<M extends ModelName> = keyof Payload<M>['objects'] & string;
