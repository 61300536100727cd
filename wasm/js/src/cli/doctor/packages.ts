/** The packages that the doctor knows, and what their modules hold. */

/** A package, as its registry names it. */
export type PackageName = '@aws-sdk/cloudfront-signer' | 'aws-cloudfront-sign' | 'aws-sdk' | 'botocore';

/** What a package is called in sentences, and what becomes of it. */
export const packages: Record<PackageName, { title: string; becomes: string; guide: string }> = {
  '@aws-sdk/cloudfront-signer': {
    title: '@aws-sdk/cloudfront-signer',
    becomes: 'edgeseal/compat',
    guide: 'docs/migrate.md#from-aws-sdkcloudfront-signer',
  },
  'aws-cloudfront-sign': {
    title: 'aws-cloudfront-sign',
    becomes: 'edgeseal',
    guide: 'docs/migrate.md#from-aws-cloudfront-sign',
  },
  'aws-sdk': {
    title: 'aws-sdk (CloudFront.Signer)',
    becomes: 'edgeseal',
    guide: 'docs/migrate.md#from-aws-sdk-v2',
  },
  botocore: {
    title: 'botocore (CloudFrontSigner)',
    becomes: 'stays; edgeseal verifies',
    guide: 'docs/migrate.md#from-boto3-and-botocore',
  },
};

/** The functions of the packages that export functions. */
export const functions: Partial<Record<PackageName, readonly string[]>> = {
  '@aws-sdk/cloudfront-signer': ['getSignedUrl', 'getSignedCookies'],
  'aws-cloudfront-sign': ['getSignedUrl', 'getSignedCookies', 'getSignedRTMPUrl'],
};

/** Every name that `edgeseal/compat` exports as `@aws-sdk/cloudfront-signer` does, types included. */
export const compatNames: ReadonlySet<string> = new Set([
  'getSignedUrl',
  'getSignedCookies',
  'CloudfrontSignInput',
  'CloudfrontSignInputWithParameters',
  'CloudfrontSignInputWithPolicy',
  'CloudfrontSignedCookiesOutput',
  'CloudfrontSignerAlgorithm',
  'CloudfrontSignerCredentials',
]);

/** What a module specifier means: the package, and the path of names from the package's root to the module. */
export function moduleOf(specifier: string): { name: PackageName; path: readonly string[] } | undefined {
  if (specifier === '@aws-sdk/cloudfront-signer' || specifier.startsWith('@aws-sdk/cloudfront-signer/')) {
    return { name: '@aws-sdk/cloudfront-signer', path: [] };
  }
  if (specifier === 'aws-cloudfront-sign' || specifier.startsWith('aws-cloudfront-sign/')) {
    return { name: 'aws-cloudfront-sign', path: [] };
  }
  if (/^aws-sdk\/clients\/cloudfront(?:\.js)?$/.test(specifier))
    return { name: 'aws-sdk', path: ['CloudFront'] };
  return specifier === 'aws-sdk' || specifier.startsWith('aws-sdk/')
    ? { name: 'aws-sdk', path: [] }
    : undefined;
}
