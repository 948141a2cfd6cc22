// A text to take along.
import { useState } from "react";

export function Copied({ text, label }) {
  const [done, setDone] = useState(false);
  async function copy() {
    await navigator.clipboard.writeText(text);
    setDone(true);
    setTimeout(() => setDone(false), 1500);
  }
  return (
    <div className="copied">
      <pre tabIndex="0" aria-label={label}>{text}</pre>
      {navigator.clipboard && <button type="button" onClick={copy} aria-live="polite">{done ? "Copied" : "Copy"}</button>}
    </div>
  );
}
