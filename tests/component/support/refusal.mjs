/** The record `error` of the component, thrown. Whatever else a host throws is a fault of the component. */
export class Refusal extends Error {
  /** @param {{ code: string, message: string, field?: string, hint?: string }} record */
  constructor({ code, message, field, hint }) {
    super(message);
    Object.assign(this, { code, field: field ?? undefined, hint: hint ?? undefined });
  }
}
