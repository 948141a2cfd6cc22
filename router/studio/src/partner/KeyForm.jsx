// Asks for the key; one that this tab had before is tried at once.
import { useEffect, useState } from "react";
import { fetchAccount, keptKey } from "./account.js";

export function KeyForm({ onOpen }) {
  const [key, setKey] = useState("");
  const [state, setState] = useState({ busy: false, problem: null });

  async function open(given) {
    setState({ busy: true, problem: null });
    try {
      const account = await fetchAccount(given);
      keptKey.set(given);
      onOpen({ key: given, account });
    } catch (error) {
      keptKey.forget();
      setState({ busy: false, problem: error.message });
    }
  }

  useEffect(() => {
    if (keptKey.get()) open(keptKey.get());
  }, []);

  return (
    <form
      className="card key"
      onSubmit={(event) => {
        event.preventDefault();
        open(key.trim());
      }}
    >
      <h1>Your key, your operations</h1>
      <label htmlFor="key">Partner key</label>
      <input id="key" type="password" autoComplete="off" spellCheck="false" placeholder="plait_pk_…" required autoFocus value={key} onChange={(event) => setKey(event.target.value)} aria-describedby="kept" />
      <p id="kept" className="quiet">It is kept until you close this tab, and sent to this router alone.</p>
      {state.problem && <p role="alert" className="problem">{state.problem}</p>}
      <button type="submit" className="main" disabled={state.busy}>{state.busy ? "Opening…" : "Open"}</button>
    </form>
  );
}
