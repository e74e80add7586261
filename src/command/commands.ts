import type { Command } from './command.js';

interface Listed {
  readonly says: string;
  readonly load: () => Promise<Command>;
}

/** Every command, in the order in which they are needed. */
export const COMMANDS: Readonly<Record<string, Listed>> = {
  start: {
    says: 'the gateway, until it is told to stop',
    load: async () => (await import('./start.js')).start,
  },
  doctor: {
    says: 'looks whether everything is as the gateway needs it, and says what to do',
    load: async () => (await import('./doctor.js')).doctor,
  },
  migrate: {
    says: 'brings the database up to this version',
    load: async () => (await import('./migrate.js')).migrate,
  },
  bootstrap: {
    says: 'the first organization and its admin',
    load: async () => (await import('./bootstrap.js')).bootstrapCommand,
  },
  seed: {
    says: 'the demo world',
    load: async () => (await import('./seed.js')).seed,
  },
  token: {
    says: 'a token that signs somebody in, in development',
    load: async () => (await import('./token.js')).token,
  },
  'key show': {
    says: 'whose a key is, for who has found one',
    load: async () => (await import('./key-show.js')).keyShow,
  },
  'key revoke': {
    says: 'ends a key at once',
    load: async () => (await import('./key-revoke.js')).keyRevoke,
  },
  'secrets generate-key': {
    says: 'a new key to encrypt secrets with',
    load: async () => (await import('./secrets-generate-key.js')).secretsGenerateKey,
  },
  'secrets rotate': {
    says: 'encrypts every secret with the newest key',
    load: async () => (await import('./secrets-rotate.js')).secretsRotate,
  },
  'policy test': {
    says: 'asks whether people can what files say that they can',
    load: async () => (await import('./policy-test.js')).policyTest,
  },
  subgraph: {
    says: 'prints the schema, for composition or for clients',
    load: async () => (await import('./subgraph.js')).subgraph,
  },
  'audit retain': {
    says: 'drops the months of the record that need not be kept',
    load: async () => (await import('./audit-retain.js')).auditRetain,
  },
  'executions retain': {
    says: 'deletes executions that need not be kept',
    load: async () => (await import('./executions-retain.js')).executionsRetain,
  },
  'changes sweep': {
    says: 'takes away changes that need not be kept',
    load: async () => (await import('./changes-sweep.js')).changesSweep,
  },
  'expired sweep': {
    says: 'takes away memberships that have ended',
    load: async () => (await import('./expired-sweep.js')).expiredSweep,
  },
};

/** What `heimdall --help` prints: all commands, or some. */
export function overview(names: readonly string[] = Object.keys(COMMANDS)): string {
  const width = Math.max(...names.map((name) => name.length));
  const lines = names.map((name) => `  ${name.padEnd(width)}  ${COMMANDS[name]?.says}`);
  return `Usage: heimdall <command> [options]

${lines.join('\n')}

  heimdall <command> --help   what a command takes
  heimdall --version          which version this is

Settings come from the environment, and from .env where the command is run. Ends with 0 when it is done, 1 when it
failed, 2 when what was given is mistaken, and 78 when the settings are.
`;
}
