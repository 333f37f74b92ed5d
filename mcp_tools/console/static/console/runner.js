/** Runs a call and shows what comes of it: progress, the answer, or why there is none. */

import { button, byId, el } from "./dom.js";
import { answer, seconds } from "./answer.js";
import { asksFirst, nature } from "./client.js";
import { Cancelled, Lost } from "./connection.js";
import { confirmed } from "./dialogs.js";
import { withoutSecrets } from "./form.js";
import { called } from "./lookup.js";
import { gauzyIsAway } from "./probe.js";
import { countdown, noAnswer, state } from "./states.js";

const THROTTLED = -32029;
const CONFIRM = "confirm";

const place = byId("answer");

export class Runner {
  #agreed = false;
  #running = null;

  /** `act` is {history, pane, changed(name), signIn(scope)}. */
  constructor(client, act) {
    this.client = client;
    this.act = act;
    this.clear();
  }

  clear() {
    place.replaceChildren(el("h2", { class: "unseen" }, "Answer"), noAnswer());
  }

  /** Answers for the person what they agreed to a moment ago; undefined when the question is another. */
  agreement(params) {
    const names = Object.keys(params.requestedSchema?.properties ?? {});
    return this.#agreed && names.length === 1 && names[0] === CONFIRM ? { action: "accept", content: { confirm: true } } : undefined;
  }

  get busy() {
    return this.#running !== null;
  }

  cancel() {
    this.#running?.abort();
  }

  async run(tool, args) {
    if (this.#running || (asksFirst(tool) && !(await this.#agree(tool, args)))) return;
    const began = performance.now();
    const clock = this.#begin();
    this.#agreed = asksFirst(tool);
    const taken = () => performance.now() - began;
    try {
      const result = await this.client.call(tool.name, args, { signal: this.#running.signal, progress: clock.progress });
      await this.#answered(tool, args, result, taken());
    } catch (error) {
      this.#failed(tool, args, error, taken());
    } finally {
      clock.stop();
      this.#agreed = false;
      this.#running = null;
      this.act.pane.allow(true);
    }
  }

  async #agree(tool, args) {
    const reader = tool.name.replace(/^(delete|remove)_/, "get_");
    const record = reader !== tool.name && args.id && this.client.tools.has(reader) ? await this.client.look(reader, { id: args.id }) : null;
    return confirmed(tool, withoutSecrets(args, tool.inputSchema), record ? called(record) : null);
  }

  #begin() {
    const bar = el("progress", { "aria-label": "Progress" });
    const told = el("p", { class: "about", role: "status" }, "Running");
    const clock = el("span", { class: "about" });
    const began = Date.now();
    this.#running = new AbortController();
    this.act.pane.allow(false);
    document.body.dataset.view = "answer";
    // On a phone the button that was pressed is gone from the screen now.
    if (!byId("run")?.offsetParent) place.focus();
    const timer = setInterval(() => (clock.textContent = seconds(Date.now() - began)), 100);
    this.#show(el("div", { class: "state", "data-state": "running" }, bar, el("div", { class: "bar" }, told, clock, button("Cancel", () => this.cancel(), { class: "quiet small" }))));
    const progress = ({ progress: done, total, message }) => {
      if (total) Object.assign(bar, { max: total, value: done });
      told.textContent = message ?? `${done}${total ? ` of ${total}` : ""}`;
    };
    return { progress, stop: () => clearInterval(timer) };
  }

  async #answered(tool, args, result, taken) {
    this.#keep(tool, args, result.isError ? "failed" : "done", taken, result);
    if (result.isError) return this.#refused(tool, args, result);
    const reads = nature(tool) === "reads";
    const next = reads && "page" in (tool.inputSchema.properties ?? {}) ? (more) => this.#more(tool, { ...args, ...more }) : null;
    this.#show(answer(result, { title: tool.name, taken, next }));
    if (!reads) this.act.changed(tool.name);
  }

  #more(tool, args) {
    this.act.pane.open(tool, args);
    this.run(tool, args);
  }

  async #refused(tool, args, result) {
    const told = el("pre", { class: "told", tabindex: "0", role: "region", "aria-label": "Reason" }, result.content.map((one) => one.text ?? "").join("\n"));
    const again = [button("Run again", () => this.run(tool, args), { class: "quiet small" })];
    this.#show(state("failed", "The tool did not do this", told, again, "fails"));
    if (await gauzyIsAway()) this.#show(state("upstream-down", "Gauzy is away", ["This server works, but the Gauzy behind it does not answer.", told], again, "fails"));
  }

  #failed(tool, args, error, taken) {
    const outcome = error instanceof Cancelled ? "cancelled" : error instanceof Lost ? "lost" : "refused";
    this.#keep(tool, args, outcome, taken, null);
    const unknown = nature(tool) === "reads" ? "" : "Whether it was done is unknown: look before you run it again.";
    const again = button("Run again", () => this.run(tool, args), { class: "quiet small" });
    if (outcome === "cancelled") this.#show(state("cancelled", "Cancelled", unknown || "Nothing came of it.", [again]));
    else if (outcome === "lost") this.#show(state("lost", "The connection was lost meanwhile", unknown || "Run it again when the server is back.", [again], "fails"));
    else if (error.code === THROTTLED) this.#throttled(error);
    else if (error.data?.error === "insufficient_scope") this.#denied(error);
    else this.#show(state("refused", "The server refused this call", [error.message, error.code && el("p", { class: "about" }, `Error ${error.code}`)], [], "fails"));
  }

  #throttled(error) {
    const until = Date.now() + 1000 * (error.data?.retryAfter ?? 1);
    const wait = countdown(until, "You can run it again in", () => (wait.element.textContent = "You can run it again now."));
    this.act.pane.hold(until);
    this.#show(state("429", "Too many requests", [error.message, el("p", {}, wait.element)], [], "warns"));
  }

  #denied(error) {
    const scope = error.data.scope;
    const more = button(`Sign in with ${scope}`, () => this.act.signIn(scope), { class: "primary" });
    this.#show(state("403", "Your sign-in does not reach this far", `This needs ${scope}. What you entered is kept while you sign in for it.`, [more], "warns"));
  }

  #keep(tool, args, outcome, taken, result) {
    this.act.history.add(tool.name, withoutSecrets(args, tool.inputSchema), outcome, taken, result);
  }

  #show(block) {
    place.replaceChildren(el("h2", { class: "unseen" }, "Answer"), block);
    place.scrollTop = 0;
  }
}
