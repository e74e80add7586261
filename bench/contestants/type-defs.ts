/** The schema that the contestants with resolvers of their own serve: what the documents ask for. */
export const typeDefs = /* GraphQL */ `
  scalar JSON
  scalar _Any
  type Query {
    forms(first: Int!, after: String): FormConnection!
    form(id: ID!): Form
    configByKey(key: String!): Config
    scope(id: ID!): Scope
    check(action: String!, resourceType: String!, resourceId: ID!): Decision
    checkMany(checks: [CheckInput!]!): [Decision!]
    _entities(representations: [_Any!]!): [_Entity]!
  }
  input CheckInput { action: String! resourceType: String! resourceId: ID! }
  type Decision { allowed: Boolean! }
  type FormConnection { edges: [FormEdge!]! }
  type FormEdge { node: Form! }
  type Form { id: ID! name: String! workflow: Workflow roles: [Role!] }
  type Workflow { id: ID! name: String! }
  type Role { id: ID! name: String! }
  type Config { id: ID! key: String! value: JSON }
  type Scope { id: ID! name: String children: ScopeConnection! }
  type ScopeConnection { edges: [ScopeEdge!]! }
  type ScopeEdge { node: Scope! }
  union _Entity = Form | Workflow | Config
`;
