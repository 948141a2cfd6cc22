// The studio: GraphiQL over this router's own /graphql, with a panel that shows the query plan of the last answer.
import "graphiql/setup-workers/vite";
import "graphiql/style.css";
import "./studio.css";
import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { HISTORY_PLUGIN } from "@graphiql/plugin-history";
import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";
import { planFetcher } from "./plan_fetcher.js";
import { planPlugin } from "./PlanPanel.jsx";
import mark from "./mark.svg";

// What the router says about itself in the page; absent when the page is opened from somewhere else.
const said = JSON.parse(document.getElementById("plait-settings")?.textContent || "{}");

const WELCOME = `# ⌘/Ctrl-Enter: run
# Icons: schema, plan

${said.firstOperation ?? "{\n  __typename\n}\n"}`;

// Where the page is served under a prefix, the endpoint is beside it.
const endpoint = new URL(said.graphqlPath ?? "graphql", document.baseURI).toString();
const fetcher = planFetcher(createGraphiQLFetcher({ url: endpoint }));
const narrow = window.matchMedia("(max-width: 720px)").matches;
const shared = new URLSearchParams(window.location.search);

function Studio() {
  return (
    <GraphiQL
      fetcher={fetcher}
      plugins={[HISTORY_PLUGIN, planPlugin]}
      defaultQuery={WELCOME}
      initialQuery={shared.get("query") ?? undefined}
      initialVariables={shared.get("variables") ?? undefined}
      defaultEditorToolsVisibility={narrow ? false : "variables"}
      shouldPersistHeaders={false}
    >
      <GraphiQL.Logo>
        <a className="studio-logo" href={document.baseURI} title="Plait">
          <img src={mark} alt="" width="22" height="22" />
          Plait
        </a>
      </GraphiQL.Logo>
    </GraphiQL>
  );
}

createRoot(document.getElementById("studio")).render(<Studio />);
