// Looks for private key material in every place that people and programs can read, other than the secret itself.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { GetTemplateCommand, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { allLogs, listFunctions } from './api.mjs';
import { describeStack, stackEvents, stackResources } from './stacks.mjs';

/** Pieces of a PEM that give it away: its base64 lines, whole enough that chance cannot make one. */
function pieces(privateKey) {
  return privateKey.split('\n').filter((line) => line.length >= 40 && !line.startsWith('-----'));
}

/** Whether a text holds a private key: any PEM header of one, or a piece of one of these keys, plain or in base64. */
export function holdsKey(text, privateKeys) {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----\s*(?:\\n)?[A-Za-z0-9+/]{20}/.test(text)) return true;
  return privateKeys.some((key) => {
    const encoded = Buffer.from(key).toString('base64');
    return pieces(key).some((piece) => text.includes(piece)) || text.includes(encoded.slice(100, 160));
  });
}

/** Every readable place of the emulated account and of the machine, as named texts. */
async function readablePlaces(emulator, clients) {
  const { cloudformation } = clients;
  const places = [];
  const { StackSummaries = [] } = await cloudformation.send(new ListStacksCommand({}));
  for (const { StackId, StackName, StackStatus } of StackSummaries) {
    const add = (kind, value) =>
      places.push({ place: `${kind} of stack ${StackName}`, text: JSON.stringify(value) });
    add('events', await stackEvents(cloudformation, StackId));
    add('description, parameters and outputs', await describeStack(cloudformation, StackId));
    if (StackStatus === 'DELETE_COMPLETE') continue;
    add('resources', await stackResources(cloudformation, StackId));
    add('template', await cloudformation.send(new GetTemplateCommand({ StackName: StackId })));
  }
  for (const configuration of await listFunctions(emulator)) {
    const place = `configuration and environment of function ${configuration.FunctionName}`;
    places.push({ place, text: JSON.stringify(configuration) });
  }
  places.push({ place: 'logs of all functions', text: await allLogs(emulator) });
  places.push({ place: 'output of the emulator', text: emulator.output() });
  for (const pid of processesOf(emulator.processGroup)) {
    places.push({ place: `environment of process ${pid}`, text: readOrNothing(`/proc/${pid}/environ`) });
    places.push({ place: `command line of process ${pid}`, text: readOrNothing(`/proc/${pid}/cmdline`) });
  }
  for (const file of filesIn(emulator.workspace))
    places.push({ place: `file ${file}`, text: readOrNothing(file) });
  return places;
}

/** Names of the places that hold a private key. */
export async function placesWithKeys(emulator, clients, privateKeys) {
  const places = await readablePlaces(emulator, clients);
  return places.filter(({ text }) => holdsKey(text, privateKeys)).map(({ place }) => place);
}

function processesOf(group) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      const stat = readOrNothing(`/proc/${pid}/stat`);
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]) === group;
    });
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
}

/** A process or a temporary file may end between finding and reading it. */
function readOrNothing(file) {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
