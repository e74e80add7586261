import type { Command } from './command.js';

export const start: Command = {
  help: `Usage: heimdall start

Starts the gateway, which serves until it is told to stop (SIGTERM or SIGINT). Without DATABASE_URL it has a database of
its own in HEIMDALL_DATA_DIR (default: .heimdall/data), with a demo world to look around in.

All settings come from the environment; docs/production.md has them. Ends with 78 when they are mistaken.
Under load it runs better with NODE_OPTIONS=--max-semi-space-size=32.`,
  async run() {
    process.setSourceMapsEnabled(true);
    // It sets the exit code itself, and ends when it was told to stop.
    await import('../main.js');
    return undefined;
  },
};
