import { builder } from '../../graphql/builder.js';
import type { Oneself } from '../../request/oneself.js';

/** The user behind the caller, as told to themselves. */
export const ViewerUserRef = builder
  .objectRef<NonNullable<Awaited<ReturnType<Oneself['user']>>>>('ViewerUser')
  .implement({
    description: 'The user that you are, told to you whatever else you may read.',
    authScopes: { signedIn: true },
    fields: (t) => ({
      id: t.exposeID('id', { nullable: false, description: 'Your id; `user` finds more by it.' }),
      name: t.exposeString('name', { nullable: false, description: 'What you are called.' }),
      email: t.exposeString('email', { nullable: false, description: 'Your address.' }),
    }),
  });

/** The organization of the caller, as told to its members. */
export const ViewerOrganizationRef = builder
  .objectRef<NonNullable<Awaited<ReturnType<Oneself['organization']>>>>('ViewerOrganization')
  .implement({
    description: 'The organization that you belong to, told to you whatever else you may read.',
    authScopes: { signedIn: true },
    fields: (t) => ({
      id: t.exposeID('id', {
        nullable: false,
        description: 'Its id; `organization` finds more by it, if you may read that.',
      }),
      name: t.exposeString('name', { nullable: false, description: 'What it is called.' }),
    }),
  });
