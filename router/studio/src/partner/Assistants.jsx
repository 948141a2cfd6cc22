// How an assistant gets these operations as tools.
import { Copied } from "./Copied.jsx";
import { mcpSettings } from "./examples.js";

export function Assistants({ account }) {
  return (
    <article className="card" aria-labelledby="assistants">
      <h1 id="assistants">Assistants</h1>
      <p>Your operations are tools for any assistant that speaks the Model Context Protocol over HTTP. It calls them with your key, within your limits, and nothing else.</p>
      <p>Put this into its settings, with your key in the environment as <code>PLAIT_KEY</code>:</p>
      <Copied text={mcpSettings(account.mcpUrl, account.keyHeader)} label="Settings of an assistant" />
      <p className="quiet">Assistants that do not fill in the environment take the key in place of <code>{"${PLAIT_KEY}"}</code>; then that file is as secret as the key.</p>
    </article>
  );
}
