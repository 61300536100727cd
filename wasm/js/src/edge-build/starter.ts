/** The files that `edge init` writes. */

/** Who verifies signatures. */
export type StarterMode = 'behind-key-group' | 'standalone';

const schema = 'https://unpkg.com/edgeseal/schema/edge-policy.schema.json';

const modes: Record<StarterMode, string> = {
  'behind-key-group': `# CloudFront verifies the signature, by the key group of the cache behaviour; the rules only tighten. Attach the function
# to no behaviour without a key group: nobody would verify anything there.
mode: behind-key-group`,
  standalone: `# The function verifies signatures with the keys of "edgeseal edge build --keys"; the behaviour has no key group.
mode: standalone`,
};

/** The rule file. */
export function starterRules(mode: StarterMode): string {
  const lifetime = (longest: string, what: string) =>
    mode === 'standalone' ? `    # ${what}\n    maxLifetime: ${longest}\n` : '';
  const build = `edgeseal edge build${mode === 'standalone' ? ' --keys keys/' : ''}`;
  return `# yaml-language-server: $schema=${schema}
#
# What requests may do beside having a good signature. The first rule that fits path and method decides; what no rule fits
# is refused.
#
#   ${'edgeseal edge test'.padEnd(build.length)}   tries the cases of cases.yaml
#   ${build}   makes dist/edge.zip for Lambda@Edge
version: 1
${modes[mode]}
rules:
  # PUT /upload/cat.png stores the object cat.png.
  - name: upload
    path: /upload/*
    methods: [PUT]
    require: ${mode === 'standalone' ? 'signed-url' : 'either'}
    stripPrefix: /upload
${lifetime('1h', 'The longest time that the application signs an upload for.')}    upload:
      maxBytes: 25MB
      contentTypes: [image/png, image/jpeg, application/pdf]
    # Uncomment for uploads from pages on another origin, and name the origin.
    # cors:
    #   origins: [https://app.example.com]
    #   headers: [content-type]

  # GET /download/cat.png reads the object cat.png.
  - name: download
    path: /download/*
    methods: [GET, HEAD]
    stripPrefix: /download
${lifetime('7d', 'The longest time that the application signs a download for.')}`;
}

/** The cases for that rule file. */
export function starterCases(mode: StarterMode): string {
  // Behind a key group the signing parameters are left for CloudFront.
  const querystring = mode === 'standalone' ? ", querystring: ''" : '';
  return `# Requests, and what edge.yaml must decide about them: edgeseal edge test
#
# "signed: true" signs the URL of the request with a key made for the test; "signed:" also takes the options of the signer,
# such as { expires: 10m, upload: { maxBytes: 1000000 } }. "cookies: { resource: /download/* }" sends signed cookies.
host: files.example.com
cases:
  - name: an image is uploaded
    request:
      method: PUT
      path: /upload/cat.png
      headers: { content-type: image/png, content-length: 20000 }
      signed: true
    expect: { decision: allow, rule: upload, uri: /cat.png }

  - name: a program is no image
    request:
      method: PUT
      path: /upload/cat.exe
      headers: { content-type: application/octet-stream, content-length: 20000 }
      signed: true
    expect: { decision: deny, reason: type-not-allowed, status: 415 }

  - name: 26 MB are too much
    request:
      method: PUT
      path: /upload/cat.png
      headers: { content-type: image/png, content-length: 26000000 }
      signed: true
    expect: { decision: deny, reason: too-large, status: 413 }

  - name: a URL that was signed for less takes no more
    request:
      method: PUT
      path: /upload/cat.png
      headers: { content-type: image/png, content-length: 20000 }
      signed: { expires: 10m, upload: { method: PUT, maxBytes: 10000 } }
    expect: { decision: deny, reason: too-large }

  - name: an upload without an announced length is refused
    request:
      method: PUT
      path: /upload/cat.png
      headers: { content-type: image/png, transfer-encoding: chunked }
      signed: true
    expect: { decision: deny, reason: length-required, status: 411 }

  - name: the same file is downloaded
    request: { path: /download/cat.png, signed: true }
    expect: { decision: allow, rule: download, uri: /cat.png${querystring} }

  - name: a download URL deletes nothing
    request: { method: DELETE, path: /download/cat.png, signed: true }
    expect: { decision: deny, reason: method-not-allowed, status: 405 }

  - name: everything else is refused
    request: { path: /secret, signed: true }
    expect: { decision: deny, reason: no-rule, status: 403 }
`;
}
