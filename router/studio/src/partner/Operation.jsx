// One operation: what it does, its variables, a try, and examples that say what is tried.
import { useState } from "react";
import { Copied } from "./Copied.jsx";
import { bodyOf, run } from "./account.js";
import { EXAMPLES } from "./examples.js";
import { sampleOf } from "./sample.js";

export function Operation({ operation, account, apiKey }) {
  const [text, setText] = useState(() => JSON.stringify(sampleOf(operation.variables), null, 2));
  const [language, setLanguage] = useState("curl");
  const [answer, setAnswer] = useState(null);
  const [variables, problem] = parsed(text);

  async function tryIt() {
    setAnswer({ busy: true });
    const started = performance.now();
    try {
      const given = await run(account, apiKey, bodyOf(operation, variables));
      setAnswer({ text: JSON.stringify(given, null, 2), failed: Boolean(given.errors), milliseconds: performance.now() - started });
    } catch (error) {
      setAnswer({ text: error.message, failed: true });
    }
  }

  const call = { url: account.url, keyHeader: account.keyHeader, body: bodyOf(operation, variables ?? {}) };
  return (
    <article className="card" aria-labelledby="name">
      <h1 id="name">{operation.name} <small>{operation.kind}</small></h1>
      <p>{operation.description}</p>
      <details>
        <summary>The operation</summary>
        <pre tabIndex="0">{operation.body}</pre>
        <p className="quiet">Its id is <code>{operation.id}</code></p>
      </details>
      <Meanings schema={operation.variables} />
      {operation.takesFiles ? (
        <p className="quiet">It takes files, so it is sent as a multipart request and cannot be tried here.</p>
      ) : (
        <>
          <h2><label htmlFor="variables">Variables</label></h2>
          <textarea id="variables" rows={Math.min(14, text.split("\n").length + 1)} spellCheck="false" value={text} onChange={(event) => setText(event.target.value)} aria-invalid={Boolean(problem)} aria-describedby="fits" />
          <p id="fits" className="problem" role="status">{problem}</p>
          <button type="button" className="main" disabled={Boolean(problem) || answer?.busy} onClick={tryIt}>Try it</button>
          {operation.kind === "mutation" && <span className="quiet"> It changes data.</span>}
          <section aria-label="Answer" aria-live="polite">
            {answer?.text && (
              <>
                <p className={answer.failed ? "problem" : "quiet"}>{answer.failed ? "Answered with errors" : "Answered"}{answer.milliseconds !== undefined && ` in ${Math.round(answer.milliseconds)} ms`}</p>
                <pre tabIndex="0">{answer.text}</pre>
              </>
            )}
          </section>
          <h2>Call it</h2>
          <p className="quiet">With these variables, and your key in <code>PLAIT_KEY</code>.</p>
          <div className="choices" role="group" aria-label="Language">
            {Object.keys(EXAMPLES).map((name) => (
              <button key={name} type="button" aria-pressed={language === name} onClick={() => setLanguage(name)}>{name}</button>
            ))}
          </div>
          <Copied text={EXAMPLES[language](call)} label={`Example in ${language}`} />
        </>
      )}
    </article>
  );
}

// What each variable means, for those that say so.
function Meanings({ schema }) {
  const entries = Object.entries(schema.properties ?? {}).filter(([, inner]) => inner.description);
  if (!entries.length) return null;
  return (
    <dl>
      {entries.map(([name, inner]) => (
        <div key={name}>
          <dt><code>{name}</code>{schema.required?.includes(name) ? " (required)" : ""}</dt>
          <dd>{inner.description}</dd>
        </div>
      ))}
    </dl>
  );
}

// The variables, or why they are none.
function parsed(text) {
  try {
    const value = JSON.parse(text || "{}");
    if (value && typeof value === "object" && !Array.isArray(value)) return [value, null];
    return [null, "Variables are a JSON object."];
  } catch (error) {
    return [null, `Not JSON: ${error.message}`];
  }
}
