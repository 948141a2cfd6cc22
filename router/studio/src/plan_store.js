// What the panel shows, outside React so that the fetcher can write it.
const KEY = "plait:show-plan";
let state = { wanted: localStorage.getItem(KEY) !== "false", plan: null, milliseconds: null, refused: false };
const listeners = new Set();

function set(change) {
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}

export const planStore = {
  get: () => state,
  subscribe(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  want(wanted) {
    localStorage.setItem(KEY, String(wanted));
    set({ wanted });
  },
  answered(plan, milliseconds, refused) {
    set({ plan: plan ?? null, milliseconds, refused });
  },
};
