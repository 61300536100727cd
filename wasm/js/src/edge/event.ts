/** The shapes of a Lambda@Edge viewer-request event. Source: *Lambda@Edge event structure*, CloudFront Developer Guide. */

/** Headers by lower-case name. */
export type CloudFrontHeaders = Record<string, { key?: string; value: string }[]>;

/** The body of a request, when the function is configured to see it. */
export interface CloudFrontBody {
  inputTruncated: boolean;
  action: string;
  encoding: string;
  data: string;
}

/** A viewer request. */
export interface CloudFrontRequest {
  clientIp: string;
  method: string;
  uri: string;
  /** Without `?`; empty when there is none. */
  querystring: string;
  headers: CloudFrontHeaders;
  body?: CloudFrontBody;
}

/** A response that the function makes up. */
export interface CloudFrontResponse {
  status: string;
  statusDescription?: string;
  headers?: CloudFrontHeaders;
  body?: string;
  bodyEncoding?: 'text' | 'base64';
}

/** The event. */
export interface ViewerRequestEvent {
  Records: {
    cf: {
      config: {
        distributionDomainName?: string;
        distributionId?: string;
        eventType?: string;
        requestId?: string;
      };
      request: CloudFrontRequest;
    };
  }[];
}
