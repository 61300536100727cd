// Records for a run without a table: the same promises as FileRecords, for as long as the process lives.
import { EdgesealError } from 'edgeseal/aws';

const now = () => Math.floor(Date.now() / 1000);

export class MemoryRecords {
  #records = new Map();

  async create(file) {
    if (this.#records.has(file.key))
      throw new EdgesealError('record-exists', 'there is a record with this key');
    const record = { ...file, state: 'pending', createdAt: now() };
    this.#records.set(file.key, record);
    return record;
  }

  async complete(key, owner, facts = {}) {
    const record = this.#records.get(key);
    if (record?.owner !== owner || record.state !== 'pending') {
      throw new EdgesealError('record-not-pending', 'the owner has no pending record with this key');
    }
    Object.assign(record, facts, { state: 'complete', completedAt: now() });
    return record;
  }

  async get(key) {
    return this.#records.get(key);
  }

  async list(owner) {
    return { records: [...this.#records.values()].filter((record) => record.owner === owner).reverse() };
  }
}
