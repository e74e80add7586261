import { WRITING_TABS } from './example-writes.js';
import type { GraphiqlTab } from './graphiql-tab.js';

/** What the headers pane says until somebody puts a token there. */
export const HEADERS_HINT = `{
  // Who asks: whoever is chosen at the top of this page, or whom
  // a token names, of: npm run -s token -- --user <email>
  // "authorization": "Bearer <token>"
  // As whom to see, for who may; nothing can be changed then:
  // "x-heimdall-view-as": "<user id>"
}
`;

const WHO = `# Who am I, and what do I hold?
#
# Nobody is refused: they may look at the schema alone. Choose at the
# top of this page who you are, or put a token into the headers below,
# and run it again. Then try the other tabs as different people.
query WhoAmI {
  viewer {
    user {
      name
      email
    }
    organization {
      name
    }
    roles
    isPlatformAdmin
  }
}
`;

const CASCADE = `# The cascade: a name is looked up at your scope, then above it,
# then in the global tier. The nearest row is the answer. If you may
# not have that one the answer is null, never a farther row: run this
# as alice, fiona, mia and hank.
query Cascade {
  configByKey(key: "timezone") {
    key
    value
  }
  formByName(name: "Onboarding") {
    id
    name
    canUse
  }
}

# The same names in the global tier alone (scope: null).
query CascadeFromGlobal {
  configByKey(key: "timezone", scope: null) {
    key
    value
  }
  formByName(name: "Onboarding", scope: null) {
    id
    name
    canUse
  }
}

# A list leaves shadowed rows out unless it is asked for them: then each says by whom.
query CascadeInLists {
  forms(first: 10, includeShadowed: true, where: { name: { eq: "Onboarding" } }) {
    totalCount
    edges {
      node {
        id
        name
        canUse
        shadowed
        shadowedBy {
          id
        }
      }
    }
  }
}
`;

const ACCESS_LEVELS = `# Access levels: who may use a row. AUTHENTICATED: everybody signed in, in that tenant.
# ROLE_BASED: holders of one of its roles. PRIVATE (agents alone): nobody directly.
# canUse is the answer for you; a row that you may manage is listed although you cannot use it.
# Run this as mia, as fiona and as odin.
query AccessLevels {
  forms(first: 10) {
    totalCount
    edges {
      node {
        name
        canUse
      }
    }
  }
  agents(first: 10) {
    totalCount
    edges {
      node {
        name
        canUse
      }
    }
  }
}
`;

const REACH = `# Reach: which rows a role lets you manage. OWN_DATA: those you created or own. TEAM_DATA: your
# teams' and teammates' too. ALL_DATA: all. Nobody may use these rows, so whoever sees one manages
# it: run this as owen, as tess, as alba and as mia. totalCount counts what you may read.
query Reach {
  viewer {
    user {
      name
    }
    roles
  }
  forms(first: 20, where: { name: { contains: "reach/" } }) {
    totalCount
    edges {
      node {
        name
        description
        canUse
      }
    }
  }
}
`;

const WHY = `# Why? Whoever sees a row can ask why they may do something with it, or why not: here with the
# form "onboarding" of Acme Corp. Run this as mia, who holds nothing there, and as alice, who owns it.
# WhyNotMia is for those who may look into what others hold: alice, not mia. It says what would have
# to change, too.
query Why {
  explainAccess(action: "update", resourceType: "form", resourceId: "01930000-0000-740e-8a63-eda53047feed") {
    ...Explained
  }
}

query WhyNotMia {
  explainAccess(action: "update", resourceType: "form", resourceId: "01930000-0000-740e-8a63-eda53047feed", subject: { userId: "01930000-0000-70cb-8e8c-e3887ad9d233" }) {
    ...Explained
  }
}

fragment Explained on AccessExplanation {
  decision {
    answer
    reason
  }
  derivation {
    pattern
    through {
      role {
        name
      }
      heldAt {
        name
      }
    }
  }
  nearestMisses {
    changes {
      change
      role {
        name
      }
    }
  }
}
`;

/** What a first visit to GraphiQL shows. */
export const EXAMPLE_TABS: readonly GraphiqlTab[] = [
  { query: WHO },
  { query: CASCADE },
  { query: ACCESS_LEVELS },
  { query: REACH },
  { query: WHY },
  ...WRITING_TABS,
];
