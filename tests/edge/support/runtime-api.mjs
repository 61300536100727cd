/**
 * A Lambda execution environment: the Runtime API on loopback, and the runtime client as a process that asks it for work.
 * Source: *Using the Lambda runtime API*, AWS Lambda Developer Guide.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const prefix = '/2018-06-01/runtime';
const millisToAnswer = 30_000;

/** Runs a function until it is stopped. */
export class LambdaEnvironment {
  #server = createServer((request, response) => this.#answer(request, response));
  #child;
  #waiting = [];
  #queue = [];
  #open = new Map();
  #count = 0;
  #ended;
  /** What the function and its runtime printed. */
  output = '';

  /**
   * @param {string} folder where the function is unpacked
   * @param {string[]} client the program and arguments of the runtime client, without the handler
   */
  static async start(folder, client) {
    const environment = new LambdaEnvironment();
    environment.#server.listen(0, '127.0.0.1');
    await once(environment.#server, 'listening');
    environment.#spawn(folder, client);
    return environment;
  }

  #spawn(folder, client) {
    const handler = 'index.handler';
    const env = {
      PATH: process.env.PATH,
      AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${this.#server.address().port}`,
      AWS_LAMBDA_FUNCTION_NAME: 'us-east-1.edgeseal-edge-validator',
      AWS_LAMBDA_FUNCTION_VERSION: '1',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x',
      AWS_REGION: 'eu-central-1',
      LAMBDA_TASK_ROOT: folder,
      _HANDLER: handler,
    };
    this.#child = spawn(process.execPath, [...client, handler], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        this.output += text;
      });
    }
    this.#ended = once(this.#child, 'close').then(() => {
      for (const [, { reject }] of this.#open) reject(new Error(`the runtime ended:\n${this.output}`));
    });
  }

  /** Gives the function an event and answers what it returned. @throws when it threw, or its runtime ended */
  async invoke(event) {
    const id = `00000000-0000-4000-8000-${String(++this.#count).padStart(12, '0')}`;
    const answered = new Promise((resolve, reject) => this.#open.set(id, { resolve, reject }));
    const timer = setTimeout(
      () => this.#open.get(id)?.reject(new Error(`no answer:\n${this.output}`)),
      millisToAnswer,
    );
    this.#queue.push({ id, body: JSON.stringify(event) });
    this.#hand();
    try {
      return await answered;
    } finally {
      clearTimeout(timer);
      this.#open.delete(id);
    }
  }

  #hand() {
    while (this.#waiting.length > 0 && this.#queue.length > 0) {
      const { id, body } = this.#queue.shift();
      const headers = {
        'content-type': 'application/json',
        'lambda-runtime-aws-request-id': id,
        'lambda-runtime-deadline-ms': String(Date.now() + millisToAnswer),
        'lambda-runtime-invoked-function-arn':
          'arn:aws:lambda:us-east-1:111122223333:function:edgeseal-edge-validator:1',
        'lambda-runtime-trace-id':
          'Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0',
      };
      this.#waiting.shift().writeHead(200, headers).end(body);
    }
  }

  async #answer(request, response) {
    if (request.method === 'GET' && request.url === `${prefix}/invocation/next`) {
      this.#waiting.push(response);
      this.#hand();
      return;
    }
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}');
    const [, id, outcome] = /\/invocation\/([^/]+)\/(response|error)$/.exec(request.url) ?? [];
    const open = this.#open.get(id);
    if (outcome === 'response') open?.resolve(JSON.parse(text));
    else for (const { reject } of open ? [open] : this.#open.values()) reject(new Error(text));
  }

  /** Waits until the function has printed something; its output comes by another way than its answers. */
  async said(pattern) {
    const deadline = Date.now() + millisToAnswer;
    while (!pattern.test(this.output)) {
      if (Date.now() > deadline) throw new Error(`${pattern} was not printed:\n${this.output}`);
      await sleep(5);
    }
  }

  /** Ends the runtime and the API. */
  async stop() {
    this.#child.kill('SIGKILL');
    await this.#ended;
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
