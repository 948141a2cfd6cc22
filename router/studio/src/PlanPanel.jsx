// The panel: the plan as a tree of steps, or as the text other tools print.
import { useState, useSyncExternalStore } from "react";
import { planStore } from "./plan_store.js";

function usePlan() {
  return useSyncExternalStore(planStore.subscribe, planStore.get);
}

function PlanPanel() {
  const { wanted, plan, milliseconds, refused } = usePlan();
  const [form, setForm] = useState("steps");
  return (
    <section className="studio-plan" aria-label="Query plan">
      <header>
        <h2 className="graphiql-doc-explorer-title">Query plan</h2>
        <label>
          <input type="checkbox" checked={wanted} onChange={(event) => planStore.want(event.target.checked)} /> ask for it
        </label>
      </header>
      {plan ? (
        <>
          <p className="studio-plan-summary">
            {summary(plan.object?.node)} · answered in {Math.round(milliseconds)} ms
          </p>
          <nav>
            {["steps", "text"].map((name) => (
              <button key={name} type="button" aria-pressed={form === name} onClick={() => setForm(name)}>
                {name}
              </button>
            ))}
          </nav>
          {form === "steps" && <Node node={plan.object?.node} />}
          {form === "text" && <pre className="studio-plan-text">{plan.text}</pre>}
        </>
      ) : (
        <Hint wanted={wanted} answered={milliseconds !== null} refused={refused} />
      )}
    </section>
  );
}

function Hint({ wanted, answered, refused }) {
  if (!wanted) return <p>Tick “ask for it”, then run an operation: its query plan appears here.</p>;
  if (!answered) return <p>Run an operation: its query plan appears here.</p>;
  if (refused) return <p>The operation was refused before it was planned; the answer says why.</p>;
  return <p>The answer came without a plan. The router shows plans with --dev, or when its configuration allows it.</p>;
}

function Node({ node, path }) {
  if (!node) return <p>No subgraph is asked.</p>;
  switch (node.kind) {
    case "Flatten":
      return <Node node={node.node} path={node.path} />;
    case "Sequence":
    case "Parallel":
      return (
        <Group title={node.kind === "Sequence" ? "one after another" : "at once"} kind={node.kind}>
          {node.nodes.map((child, index) => (
            <Node key={index} node={child} />
          ))}
        </Group>
      );
    case "Condition":
      return (
        <>
          {node.ifClause && <Group title={`if $${node.condition}`} kind="Condition"><Node node={node.ifClause} path={path} /></Group>}
          {node.elseClause && <Group title={`if not $${node.condition}`} kind="Condition"><Node node={node.elseClause} path={path} /></Group>}
        </>
      );
    case "Defer":
      return (
        <Group title="first" kind="Defer">
          <Node node={node.primary.node} />
          {node.deferred.map((part, index) => (
            <Group key={index} title={`deferred ${part.label ?? part.queryPath.join(".")}`} kind="Defer"><Node node={part.node} /></Group>
          ))}
        </Group>
      );
    case "Subscription":
      return (
        <Group title="for each event" kind="Subscription">
          <Node node={node.primary} />
          {node.rest && <Node node={node.rest} />}
        </Group>
      );
    default:
      return <Fetch node={node} path={path} />;
  }
}

function Group({ title, kind, children }) {
  return (
    <div className={`studio-plan-group studio-plan-${kind.toLowerCase()}`}>
      <span className="studio-plan-kind">{title}</span>
      {children}
    </div>
  );
}

function Fetch({ node, path }) {
  const paths = path ? [path] : (node.entities ?? []).flatMap((part) => part.paths);
  return (
    <details className="studio-plan-fetch">
      <summary>
        <strong>{node.serviceName}</strong>
        {paths.map((one, index) => (
          <code key={index}>{one.join(".")}</code>
        ))}
      </summary>
      <pre>{node.operation}</pre>
    </details>
  );
}

function summary(node) {
  const [fetches, stages] = measure(node);
  return `${fetches} ${fetches === 1 ? "fetch" : "fetches"} in ${stages} ${stages === 1 ? "stage" : "stages"}`;
}

function measure(node) {
  if (!node) return [0, 0];
  if (node.kind === "Fetch" || node.kind === "BatchFetch") return [1, 1];
  if (node.kind === "Flatten") return measure(node.node);
  if (node.kind === "Condition") return most([measure(node.ifClause), measure(node.elseClause)]);
  if (node.kind === "Subscription") return measure({ kind: "Sequence", nodes: [node.primary, node.rest] });
  if (node.kind === "Defer") return measure({ kind: "Sequence", nodes: [node.primary.node, ...node.deferred.map((part) => part.node)] });
  const parts = node.nodes.map(measure);
  const fetches = parts.reduce((total, [count]) => total + count, 0);
  const stages = parts.map(([, count]) => count);
  return [fetches, node.kind === "Sequence" ? stages.reduce((a, b) => a + b, 0) : Math.max(0, ...stages)];
}

const most = (pairs) => [Math.max(...pairs.map(([a]) => a)), Math.max(...pairs.map(([, b]) => b))];

function PlanIcon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round">
      <path d="M6 3c0 7 12 7 12 14v4" />
      <path d="M18 3c0 7-12 7-12 14v4" />
    </svg>
  );
}

export const planPlugin = { title: "Query plan", icon: PlanIcon, content: PlanPanel };
