/** A URL for people to see: `postgres://app:***@localhost/hdl_1`. */
export function maskUrl(url: string): string {
  return url
    .replace(/^([\w+.-]+:\/\/[^/?#:@]*):[^/?#]*@/, '$1:***@')
    .replaceAll(/([?&](?:password|passwd|pwd|token|auth|key)=)[^&#]*/gi, '$1***')
}
