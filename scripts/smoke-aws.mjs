/** The whole workflow on AWS: `npm run smoke:aws -- --profile NAME --domain NAME --certificate ARN --yes`. */
import { parseArgs } from 'node:util';
import { Problem, runMain, UsageProblem } from './lib/problem.mjs';
import { duration, say } from './lib/progress.mjs';
import { interruption } from './lib/story/interruption.mjs';

const help = `Plays the whole workflow on a real AWS account, and asks AWS what it does not
document. Makes stacks, a distribution among them, and deletes them again. It
takes about half an hour and costs a few cents. docs/aws.md says more.

Usage: npm run smoke:aws -- [OPTIONS]

Options:
  --profile NAME      profile of the AWS configuration files        (required)
  --domain NAME       host name for the files; needs no DNS record  (required)
  --certificate ARN   ACM certificate for it, in us-east-1          (required)
  --region REGION     region of the stacks; us-east-1 by default
  --yes               really make and delete things                 (required)
  -h, --help          show this text`;

const options = {
  profile: { type: 'string' },
  domain: { type: 'string' },
  certificate: { type: 'string' },
  region: { type: 'string', default: 'us-east-1' },
  yes: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
};

function readArguments(args) {
  let values;
  try {
    ({ values } = parseArgs({ args, options }));
  } catch (error) {
    throw new UsageProblem(`${error.message.split('\n')[0]}\n\n${help}`);
  }
  if (values.help) return values;
  const missing = ['profile', 'domain', 'certificate'].filter((name) => !values[name]);
  if (missing.length > 0) {
    const names = missing.map((name) => `--${name}`).join(', ');
    throw new UsageProblem(
      `Nothing was done: this needs ${names}.\nWithout an account, try node scripts/story.mjs.\n\n${help}`,
    );
  }
  if (!/^(?!-)[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(values.domain)) {
    throw new UsageProblem('--domain needs a host name in small letters, such as files.example.com');
  }
  if (!/^arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate\/[a-z0-9-]+$/.test(values.certificate)) {
    throw new UsageProblem('--certificate needs the ARN of an ACM certificate in us-east-1');
  }
  if (!values.yes) {
    throw new UsageProblem('Nothing was done: add --yes to make and delete things in this account.');
  }
  return values;
}

async function ask(story, world, file, tell) {
  const [{ askCloudFront, unasked }, { askServiceCatalog }] = await Promise.all([
    import('./lib/smoke/questions.mjs'),
    import('./lib/smoke/catalog-questions.mjs'),
  ]);
  tell.step('What AWS does not document', 'Each was asked with one request.');
  const { uploads } = story.tools;
  const secretArn = story.outputs.KeyPairSecretArn;
  const answers = [
    ...(await askCloudFront({ world, uploads, secretArn, key: file.key })),
    ...(await askServiceCatalog(await world.developer(), 'Edgeseal S3 bucket')),
  ];
  for (const { question, answer, status } of answers) {
    tell.fact(answer, status === undefined ? question : `${question} (${status})`);
  }
  for (const question of unasked) tell.fact('not asked', question);
}

async function main(args) {
  const { profile, domain, certificate, region, help: wantsHelp } = readArguments(args);
  if (wantsHelp) return void process.stdout.write(`${help}\n`);
  const started = performance.now();
  const [{ openAwsWorld }, { Story }, { play, finish }, { narrator }] = await Promise.all([
    import('./lib/smoke/world.mjs'),
    import('./lib/story/steps.mjs'),
    import('./lib/story/play.mjs'),
    import('./lib/story/tell.mjs'),
  ]);
  const colour = process.stdout.isTTY && !process.env.NO_COLOR;
  const tell = narrator({ write: (text) => process.stdout.write(text), colour });
  const world = await openAwsWorld({ profile, region, domain, certificate });
  say(`account ${world.account}, region ${region}`);
  const story = new Story(world, {
    prefix: 'edgeseal-smoke',
    onLaunch: (product) => say(`   ${product} ...`),
  });
  const { stopped, forget } = interruption('stopped; what was made is deleted again');
  let failure;
  try {
    const file = await Promise.race([play(story, world, tell), stopped]);
    await Promise.race([ask(story, world, file, tell), stopped]);
  } catch (error) {
    failure = error;
    say(`failed: ${error.message}`);
  }
  try {
    await finish(story, tell);
  } catch (error) {
    say('Cleaning up failed. docs/aws.md says how to find and delete what is left.');
    throw failure ?? error;
  } finally {
    story.close();
    forget();
  }
  if (failure) throw failure instanceof Problem ? failure : new Problem(failure.message);
  say(`(all of it took ${duration(performance.now() - started)})`);
}

await runMain(() => main(process.argv.slice(2)));
