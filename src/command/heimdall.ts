#!/usr/bin/env node
// The command: finds out which one is meant, and hands it what was given. Each is loaded when it is asked for, so
// that help comes at once.
import { parseArgs } from 'node:util';
import { type Command, FLAG, type Given, UsageError } from './command.js';
import { COMMANDS, overview } from './commands.js';
import { nearest } from './nearest.js';
import { version } from './version.js';

const FAILED = 1;
const BAD_USAGE = 2;
/** EX_CONFIG of sysexits.h: settings do not mend themselves, and a process manager need not try again. */
const BAD_SETTINGS = 78;

interface Named {
  readonly name: string;
  readonly load: () => Promise<Command>;
  readonly rest: readonly string[];
}

/** The command that the arguments begin with: one word, or two. Undefined: there is none. */
function named(args: readonly string[]): Named | undefined {
  for (const words of [2, 1]) {
    const name = args.slice(0, words).join(' ');
    const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name]?.load : undefined;
    if (load !== undefined) return { name, load, rest: args.slice(words) };
  }
  return undefined;
}

async function main(args: readonly string[]): Promise<number> {
  const [first] = args;
  if (first === undefined) {
    process.stderr.write(overview());
    return BAD_USAGE;
  }
  if (['--help', '-h', 'help'].includes(first)) {
    process.stdout.write(overview());
    return 0;
  }
  if (first === '--version' || first === '-v') {
    process.stdout.write(`${version()}\n`);
    return 0;
  }
  const found = named(args);
  return found === undefined ? unknown(args) : run(found);
}

/** A group such as `audit`, or no command at all. */
function unknown([first = '', second]: readonly string[]): number {
  const group = Object.keys(COMMANDS).filter((name) => name.startsWith(`${first} `));
  if (group.length > 0 && (second === '--help' || second === '-h')) {
    process.stdout.write(overview(group));
    return 0;
  }
  if (group.length > 0) {
    process.stderr.write(`heimdall: ${first} is one of: ${group.join(', ')}\ntry --help\n`);
    return BAD_USAGE;
  }
  const meant = nearest(first, Object.keys(COMMANDS));
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
  process.stderr.write(`heimdall: unknown command ${first}${hint}\ntry heimdall --help\n`);
  return BAD_USAGE;
}

async function run({ name, load, rest }: Named): Promise<number> {
  const command = await load();
  try {
    const given = read(command, rest);
    if (given === 'help') {
      process.stdout.write(`${command.help}\n`);
      return 0;
    }
    return (await command.run(given)) ?? 0;
  } catch (error) {
    return complain(name, command, error);
  }
}

/** Throws what parseArgs does: an option is unknown, or its value is missing. */
function read({ options = {}, takesArguments = false }: Command, args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: takesArguments,
    options: { ...options, help: { ...FLAG, short: 'h' } },
  });
  const given = { values, positionals } as Given;
  return given.values.help === true ? 'help' : given;
}

function complain(name: string, { failure = FAILED }: Command, error: unknown): number {
  const message = error instanceof Error ? error.message : String(error);
  const isUsage = error instanceof UsageError || codeOf(error).startsWith('ERR_PARSE_ARGS');
  process.stderr.write(`heimdall ${name}: ${message}\n${isUsage ? 'try --help\n' : ''}`);
  if (isUsage) return BAD_USAGE;
  // By name: the settings are not loaded for those who read none.
  const isOfSettings = error instanceof Error && error.name === 'EnvError';
  return isOfSettings || codeOf(error) === 'SECRET_KEY_MISSING' ? BAD_SETTINGS : failure;
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

process.exitCode = (await main(process.argv.slice(2))) || process.exitCode || 0;
