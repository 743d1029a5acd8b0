/** The simulated account and its region. */
export const account = "123456789012";
export const region = "eu-central-1";

/** @param global a service without regions, as IAM and S3 have it */
export function arn(service: string, resource: string, global = false): string {
  const hasAccount = service !== "s3";
  return `arn:aws:${service}:${global || !hasAccount ? "" : region}:${hasAccount ? account : ""}:${resource}`;
}
