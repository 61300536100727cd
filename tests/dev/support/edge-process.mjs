// A local edge in a process of its own, which answers a few questions on stdin: its memory can be looked at.
import { createInterface } from 'node:readline';
import { createLocalEdge } from 'edgeseal/dev';

const edge = await createLocalEdge({ store: process.argv[2] }).start();
const sign = (path) => edge.signer.signUrl({ url: edge.origin + path, expires: '15m' });
const answers = {
  urls: () => ({ upload: sign('/upload/large.bin'), download: sign('/download/large.bin') }),
  // The most that the process ever held, which no collection makes smaller.
  memory: () => ({ peak: process.resourceUsage().maxRSS * 1024 }),
};
for await (const line of createInterface({ input: process.stdin }))
  console.log(JSON.stringify(answers[line]()));
await edge.stop();
