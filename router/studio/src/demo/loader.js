// A loader for hls.js that fetches everything under the address of now: one whose time is over, or which the server
// takes no longer, is exchanged before the player hears of it. What is played meanwhile lies in the buffer.
const REFUSED = 403;
const AWAY = 503;

export const loaderUnder = (address, Base) =>
  class {
    constructor(config) {
      this.config = config;
      this.inner = new Base(config);
      this.stats = this.inner.stats;
      this.context = null;
      this.isDone = false;
    }

    load(context, options, callbacks) {
      this.context = context;
      const refused = (error, ...rest) => {
        if (error.code !== REFUSED) return callbacks.onError(error, ...rest);
        this.#another();
        address.renew().then(() => this.#fetch(options, callbacks), this.#failed(callbacks));
      };
      address.current().then(() => this.#fetch(options, { ...callbacks, onError: refused }), this.#failed(callbacks));
    }

    abort() {
      this.isDone = true;
      this.inner.abort();
    }

    destroy() {
      this.isDone = true;
      this.inner.destroy();
    }

    getCacheAge() {
      return this.inner.getCacheAge?.() ?? null;
    }

    getResponseHeader(name) {
      return this.inner.getResponseHeader?.(name) ?? null;
    }

    #fetch(options, callbacks) {
      if (this.isDone) return;
      this.context.url = address.under(this.context.url);
      this.inner.load(this.context, options, callbacks);
    }

    // A loader is good for one request; what it counts is looked at by who holds this one.
    #another() {
      this.inner.destroy();
      this.inner = new Base(this.config);
      Object.assign(this.stats, { ...this.inner.stats, loading: { start: 0, first: 0, end: 0 } });
      this.inner.stats = this.stats;
    }

    #failed(callbacks) {
      return (error) => {
        if (!this.isDone) callbacks.onError({ code: error.code ?? AWAY, text: error.message, error }, this.context, null, this.stats);
      };
    }
  };
