/** Why templates cannot be composed: a stable code and a sentence that says what to change. */
export class ComposeError extends Error {
  /** @param {string} code @param {string} message */
  constructor(code, message) {
    super(message);
    this.name = 'ComposeError';
    this.code = code;
  }
}
