/** One tab of GraphiQL. */
export interface GraphiqlTab {
  readonly query: string;
  /** JSON. */
  readonly variables?: string;
}

/** What the headers pane says until a token is put there. */
export const HEADERS_HINT = `{
  // Who asks: a token of the table that the start printed,
  // or of: npm run -s token -- --user <email>
  // "authorization": "Bearer <token>"
}
`;

const WHO = `# Who am I, and what do I hold?
#
# Without a token you are ANONYMOUS: you see the schema, and no rows. Put one into the headers
# below, run this again, and then try the other tabs as different people.
query WhoAmI {
  viewer {
    principal {
      label
      kind
    }
    organization {
      name
    }
    roles
    isPlatformAdmin
  }
}
`;

const CASCADE = `# The cascade: a name is looked up at the scope, then above it, then in the global tier.
# The nearest row is the answer; it shadows the farther ones of the same name.

query Timezone {
  configByKey(key: "timezone") {
    key
    value
  }
}

# The same key in the global tier alone (scope: null).
query GlobalTimezone {
  configByKey(key: "timezone", scope: null) {
    key
    value
  }
}

# A list leaves shadowed rows out, unless it is asked for them: then each says by whom.
query ShadowedForms {
  forms(first: 50, includeShadowed: true) {
    totalCount
    edges {
      node {
        name
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
# teams' and teammates' too. ALL_DATA: all. Run it as people who hold roles of each kind, and
# compare what is listed: totalCount never counts a row that you may not read.
query Reach {
  viewer {
    principal {
      label
    }
    roles
  }
  workflows(first: 50) {
    totalCount
    edges {
      node {
        name
        canUse
      }
    }
  }
  configs(first: 50) {
    totalCount
    edges {
      node {
        key
        value
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
];
