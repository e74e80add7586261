/**
 * Has `heard` told of each notification of these channels, over one connection that is opened for it and again where it breaks:
 * `lost` is told then, for what was notified meanwhile is heard by nobody. Answers what ends it.
 */
export type Listen = (
  channels: readonly string[],
  heard: (channel: string, payload: string) => void,
  lost: () => void,
) => Promise<() => Promise<void>>;
