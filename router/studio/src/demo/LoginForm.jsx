// Who to listen as: one of the demo world's people.
import { useState } from "react";
import { demoLogins, logIn } from "./graph.js";

export function LoginForm({ onOpen, problem }) {
  const [chosen, setChosen] = useState(0);
  const [state, setState] = useState({ busy: false, problem });

  async function open(event) {
    event.preventDefault();
    setState({ busy: true, problem: null });
    try {
      onOpen(await logIn(demoLogins[chosen].username, demoLogins[chosen].password));
    } catch (error) {
      setState({ busy: false, problem: error.message });
    }
  }

  return (
    <form className="card login" onSubmit={open}>
      <h1>Listen to the demo world</h1>
      <label htmlFor="who">Log in as</label>
      <select id="who" autoFocus value={chosen} onChange={(event) => setChosen(Number(event.target.value))}>
        {demoLogins.map((one, place) => (
          <option key={one.username} value={place}>
            {one.username}: {one.about}
          </option>
        ))}
      </select>
      <p className="quiet">What you listen to is kept in their history, as it would be in yours.</p>
      {state.problem && <p role="alert" className="problem">{state.problem}</p>}
      <button type="submit" className="main" disabled={state.busy || !demoLogins.length}>{state.busy ? "Logging in…" : "Log in"}</button>
    </form>
  );
}
