import type { GraphiqlTab } from './graphiql-tab.js';

const CASCADE = `# Writing, in the organization "Playground" of the demo world: npm run seed -- --reset-demo puts
# it back. Run these as pia, who owns it; then as emil, who edits in the Lab alone; then as max.
# A config is set where it would be found. Emil may write in the Lab alone: FORBIDDEN. With the header
# "x-heimdall-scope": "01930000-0000-75d2-8e68-a3969af53974" he acts there, and finds the Playground's, which is not his
# to change: CASCADE_WRITE_FORBIDDEN. With a scope in the input he makes an override.
mutation SetTimezone {
  setConfig(input: { key: "timezone", type: STRING, value: "Europe/Oslo" }) {
    config {
      value
      version
      scope {
        id
        name
      }
    }
  }
}

mutation OverrideInTheLab {
  setConfig(
    input: {
      scope: "01930000-0000-75d2-8e68-a3969af53974"
      key: "timezone"
      type: STRING
      value: "Asia/Tokyo"
    }
  ) {
    config {
      value
      version
      scope {
        id
        name
      }
    }
  }
}

# Who did what: as pia.
query Record {
  auditEntries(first: 10) {
    edges {
      node {
        at
        actor {
          name
        }
        action
        outcome
        reason
        before
        after
      }
    }
  }
}
`;

const CONFLICT = `# A conflict, as pia: whoever says which version they have seen overwrites nobody's change. The first
# one counts the version on, so that it succeeds once; the answer then names the current version.
mutation ChangeWhatISaw {
  updateForm(
    input: {
      id: "01930000-0000-7307-8d70-abda1fce4a85"
      version: 1
      description: "How was it?"
    }
  ) {
    form {
      name
      description
      version
    }
  }
}

# A name is taken once in a scope.
mutation MakeTwice {
  createForm(input: { name: "Survey", fields: [{ name: "stars", type: "number" }] }) {
    form {
      id
      owner {
        name
      }
    }
  }
}

# All mistakes of an input are told at once, in the extensions of the error.
mutation Mistakes {
  createForm(input: { name: "", fields: [{ name: "stars", type: "stairs" }] }) {
    form {
      id
    }
  }
}
`;

const ESCALATION = `# What one does not hold one does not give. As rita, who keeps people and teams: the Caretakers
# hold the role Owner, and she does not. She is refused, and pia is not.
mutation JoinTheOwners {
  addTeamMembers(
    input: {
      id: "01930000-0000-7706-88ae-406a1b19a040"
      users: ["01930000-0000-7a92-8c67-5d67dd7bffca"]
    }
  ) {
    team {
      name
    }
  }
}

# As emil: editing is neither sharing nor giving away.
mutation OpenToEverybody {
  shareForm(
    input: { id: "01930000-0000-744a-8241-fceba1645fd1", accessLevel: AUTHENTICATED }
  ) {
    form {
      name
      accessLevel
    }
  }
}

# As pia: what was refused is in the record, too.
query Refused {
  auditEntries(first: 10, where: { outcome: { eq: DENIED } }) {
    edges {
      node {
        at
        actor {
          name
        }
        action
        resourceId
        reason
      }
    }
  }
}
`;

/** Writing as people of the demo world's Playground, by the ids that it has in every database. */
export const WRITING_TABS: readonly GraphiqlTab[] = [
  { query: CASCADE },
  { query: CONFLICT },
  { query: ESCALATION },
];
