import { label } from '../../commands/checks/text.js';
import { open, related, shown } from '../../graphql/columns.js';
import { resource } from '../../graphql/resource.js';
import { created, managed, never, via } from '../../policy/predicate.js';
import { MESSAGE_ROLES } from '../../policy/vocabulary.js';
import { edited, placed } from '../traits/index.js';

/** D35: it is read by whoever began it; for all others there is `inspectConversation`, which is recorded. */
export const conversation = resource('Conversation', {
  resource: 'conversation',
  noun: 'conversation',
  latest: 'createdAt',
  description: 'What you and an agent say to each other (D35).',
  traits: [edited, placed],
  columns: { title: shown('What it is called.', { set: { check: label } }) },
  relations: {
    agent: related('The agent, if you may read it.'),
    messages: related('What was said.', { filter: false }),
    executions: related('The runs of the agent that answered.', { filter: false }),
  },
  actions: { read: created, inspect: managed('conversation:inspect', { reach: ['ALL_DATA'] }) },
});

export const message = resource('Message', {
  resource: 'conversation',
  part: true,
  noun: 'message',
  description: 'One thing that was said in a conversation.',
  columns: {
    id: open('A UUID, unique among all resources.', { sort: true }),
    seq: open('Its place in the conversation.', { sort: true }),
    role: open('Who says it.', { values: MESSAGE_ROLES }),
    content: shown('What is said.'),
    toolCall: shown(
      'Of what the agent says with a tool: which one, and with what; of a tool, to what it answers.',
    ),
    createdAt: open('When it was said.', { sort: true }),
  },
  relations: {
    conversation: related('Where it was said.', { filter: false }),
    execution: related('The run that it launched, or that said it.', { filter: false }),
  },
  actions: { read: via('conversation'), inspect: never('it is a part of its conversation') },
});
