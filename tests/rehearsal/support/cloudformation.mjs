// A CloudFormation endpoint whose stacks do what a test says, and which notes what it was asked.
import { once } from 'node:events';
import { createServer } from 'node:http';

const xmlSafe = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

function stackXml(stack) {
  const outputs = Object.entries(stack.outputs ?? {})
    .map(
      ([key, value]) =>
        `<member><OutputKey>${key}</OutputKey><OutputValue>${xmlSafe(value)}</OutputValue></member>`,
    )
    .join('');
  const reason = stack.reason ? `<StackStatusReason>${xmlSafe(stack.reason)}</StackStatusReason>` : '';
  return `<member><StackId>${stack.id}</StackId><StackName>${stack.name}</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>${stack.status}</StackStatus>${reason}<Outputs>${outputs}</Outputs></member>`;
}

/**
 * @returns {Promise<{ endpoint: string, calls: Record<string, string>[], script: Record<string, unknown>,
 *   stacks: Map<string, object>, stop: () => Promise<void> }>} `script` says what the next call of an action does:
 *   the status its stack takes, an error, or no answer
 */
export async function startCloudFormation() {
  const stacks = new Map();
  const calls = [];
  const script = {};
  const refuse = (code, message) => ({
    status: 400,
    text: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${xmlSafe(message)}</Message></Error></ErrorResponse>`,
  });
  const answer = (fields) => {
    const { Action: action, StackName: name } = fields;
    const said = script[action];
    if (said?.error) return refuse(said.error, said.message);
    if (action === 'GetRole') {
      return {
        status: 200,
        text: '<GetRoleResponse><GetRoleResult><Role><Path>/</Path><RoleName>L</RoleName><RoleId>AROA00000000000000000</RoleId><Arn>arn:aws:iam::111122223333:role/L</Arn><CreateDate>2026-01-01T00:00:00Z</CreateDate></Role></GetRoleResult></GetRoleResponse>',
      };
    }
    if (action === 'CreateStack') {
      const id = `arn:aws:cloudformation:us-east-1:111122223333:stack/${name}/1`;
      stacks.set(name, { id, name, status: 'CREATE_COMPLETE', ...said });
    } else if (!stacks.has(name)) {
      return refuse('ValidationError', `Stack with id ${name} does not exist`);
    } else if (action === 'UpdateStack') {
      Object.assign(stacks.get(name), { status: 'UPDATE_COMPLETE', ...said });
    } else if (action === 'DeleteStack') {
      if (said) Object.assign(stacks.get(name), said);
      else stacks.delete(name);
    } else if (action === 'DescribeStacks') {
      return {
        status: 200,
        text: `<DescribeStacksResponse><DescribeStacksResult><Stacks>${stackXml(stacks.get(name))}</Stacks></DescribeStacksResult></DescribeStacksResponse>`,
      };
    }
    return {
      status: 200,
      text: `<${action}Response><${action}Result><StackId>${stacks.get(name)?.id}</StackId></${action}Result></${action}Response>`,
    };
  };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const fields = Object.fromEntries(new URLSearchParams(body));
    calls.push(fields);
    if (script[fields.Action]?.hang) return;
    const { status, text } = answer(fields);
    response.writeHead(status, { 'content-type': 'text/xml' }).end(text);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { endpoint: `http://127.0.0.1:${server.address().port}`, calls, script, stacks, stop };
}
