// What a key can do: operations to read, try and copy; what was used; how an assistant is set up.
import { useState } from "react";
import { Assistants } from "./Assistants.jsx";
import { Operation } from "./Operation.jsx";
import { Usage } from "./Usage.jsx";
import { fetchAccount, keptKey } from "./account.js";

export function Account({ opened, onOpen, onLeave }) {
  const { key, account } = opened;
  const [place, setPlace] = useState(account.operations[0]?.name ? `operation ${account.operations[0].name}` : "usage");
  const operation = account.operations.find(({ name }) => place === `operation ${name}`);
  const [problem, setProblem] = useState(null);

  async function refresh() {
    try {
      onOpen({ key, account: await fetchAccount(key) });
      setProblem(null);
    } catch (error) {
      setProblem(error.message);
    }
  }

  function leave() {
    keptKey.forget();
    onLeave();
  }

  const item = (name, label, extra) => (
    <li key={name}>
      <button type="button" aria-current={place === name ? "page" : undefined} onClick={() => setPlace(name)}>
        <span>{label}</span> {extra}
      </button>
    </li>
  );

  return (
    <div className="account">
      <nav aria-label="Your account" className="card">
        <p className="who"><strong>{account.partner}</strong></p>
        <h2>Operations</h2>
        <ul>{account.operations.map(({ name, kind }) => item(`operation ${name}`, name, <small>{kind}</small>))}</ul>
        {!account.operations.length && <p className="quiet">None has been published for you yet.</p>}
        <h2>More</h2>
        <ul>
          {item("usage", "Usage and limits")}
          {account.mcpUrl && item("assistants", "Assistants")}
        </ul>
        <p className="actions">
          <button type="button" onClick={refresh}>Refresh</button>
          <button type="button" onClick={leave}>Forget the key</button>
        </p>
        {problem && <p role="alert" className="problem">{problem}</p>}
      </nav>
      {operation && <Operation key={operation.id + operation.name} operation={operation} account={account} apiKey={key} />}
      {place === "usage" && <Usage account={account} />}
      {place === "assistants" && <Assistants account={account} />}
    </div>
  );
}
