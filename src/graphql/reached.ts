import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';

/** The types of operations. */
export function rootsOf(schema: GraphQLSchema): GraphQLObjectType[] {
  const all = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return all.flatMap((one) => one ?? []);
}

/** The names of the types that clients come to by the root fields of which something is so, the roots included. */
export function reachedFrom(
  schema: GraphQLSchema,
  isRoot: (field: GraphQLField<unknown, unknown>) => boolean,
): ReadonlySet<string> {
  const reached = new Set<string>();
  const visit = (type: GraphQLNamedType): void => {
    if (reached.has(type.name)) return;
    reached.add(type.name);
    if (isAbstractType(type)) for (const one of schema.getPossibleTypes(type)) visit(one);
    if (isInputObjectType(type)) {
      for (const field of Object.values(type.getFields())) visit(getNamedType(field.type));
    }
    if (isObjectType(type) || isInterfaceType(type)) {
      for (const one of type.getInterfaces()) visit(one);
      for (const field of Object.values(type.getFields())) visitField(field);
    }
  };
  const visitField = (field: GraphQLField<unknown, unknown>): void => {
    visit(getNamedType(field.type));
    for (const { type } of field.args) visit(getNamedType(type));
  };
  for (const root of rootsOf(schema)) {
    reached.add(root.name);
    for (const field of Object.values(root.getFields())) if (isRoot(field)) visitField(field);
  }
  return reached;
}
