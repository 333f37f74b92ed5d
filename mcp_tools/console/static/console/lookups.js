/** What fields may ask: the records that an id can name, and the names of fields that an answer has. */

import { called } from "./lookup.js";

const MOST = 100;
const SHOWN = 20;

/** The same for the same letters, however they were typed. */
const folded = (text) => text.normalize("NFC").toLowerCase();

export class Lookups {
  #facts = { lookups: {}, formats: {}, searches: {} };
  #whole = new Map();

  constructor(client) {
    this.client = client;
  }

  /** `facts` are those of the server: which tool lists what, and how it searches. */
  fill(facts) {
    this.#facts = facts;
  }

  /** Records changed: lists are asked for again. */
  forget() {
    this.#whole.clear();
  }

  /** The scope of a tool's form; see form.js. */
  scope(tool) {
    const shown = tool.outputSchema?.properties?.items?.items?.properties ?? {};
    return {
      format: (name) => this.#facts.formats[tool.name]?.[name],
      lookup: (name) => this.#lister(this.#facts.lookups[tool.name]?.[name]),
      suggestions: (name) => (name === "fields" ? Object.keys(shown) : []),
    };
  }

  #lister(lists) {
    if (!lists || !this.client.tools.has(lists)) return null;
    const search = this.#facts.searches[lists];
    return (text) => (search && text ? this.#found(lists, { [search]: text, limit: SHOWN }) : this.#filtered(lists, text));
  }

  async #found(lists, args) {
    return (await this.client.look(lists, args))?.items ?? null;
  }

  async #filtered(lists, text) {
    const takesLimit = "limit" in this.client.tools.get(lists).inputSchema.properties;
    if (!this.#whole.has(lists)) this.#whole.set(lists, await this.#found(lists, takesLimit ? { limit: MOST } : {}));
    const rows = this.#whole.get(lists);
    if (!rows) this.#whole.delete(lists);
    return rows?.filter((row) => folded(called(row)).includes(folded(text))).slice(0, SHOWN) ?? null;
  }
}
