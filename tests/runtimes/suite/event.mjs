/** The shared edge vectors as viewer-request events; see tests/edge-vectors/README.md. */

/** An event for a case, with `signed`, the texts of the credentials by name. */
export function eventOf({ signed: name, request = {} }, signed) {
  const { method = 'GET', host = 'files.example.com', clientIp = '192.0.2.7' } = request;
  const fill = (text) => filled(text, signed);
  const [, path = '/', query = ''] =
    name === undefined ? [] : /^https?:\/\/[^/]+(\/[^?]*)\?(.*)$/s.exec(signed[name]);
  const headers = { host: [{ key: 'Host', value: host }] };
  for (const [key, value] of request.headers ?? []) {
    headers[key.toLowerCase()] = [...(headers[key.toLowerCase()] ?? []), { key, value: fill(value) }];
  }
  return viewerRequest({
    method,
    uri: request.uri ?? path,
    querystring: request.querystring === undefined ? query : fill(request.querystring),
    clientIp: clientIp ?? 'unknown',
    headers,
  });
}

/** Puts credentials where their names stand in braces. */
function filled(text, signed) {
  return Object.entries(signed).reduce((result, [name, value]) => {
    if (!value.startsWith('http')) return result.replaceAll(`{${name}}`, value);
    const query = value.slice(value.indexOf('?') + 1);
    const parameters = query.slice(query.search(/Expires=|Policy=/));
    return result.replaceAll(`{${name}}`, query).replaceAll(`{${name}:credential}`, parameters);
  }, text);
}

/** An event around a request. */
export function viewerRequest(request) {
  const config = {
    distributionDomainName: 'd111111abcdef8.cloudfront.net',
    distributionId: 'EDFDVBD6EXAMPLE',
    eventType: 'viewer-request',
    requestId: '4TyzHTaYWb1GX1qTfsHhEqV6HUDd_BzoBZnwfnvQc_1oF26ClkoUSEQ==',
  };
  return { Records: [{ cf: { config, request } }] };
}
