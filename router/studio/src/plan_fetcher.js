// Wraps a GraphiQL fetcher: asks for the plan when the panel wants it, and moves it from the answer to the panel.
import { planStore } from "./plan_store.js";

const PLAN_HEADER = "Apollo-Expose-Query-Plan";
const isIntrospection = (params) => params.operationName === "IntrospectionQuery";

export function planFetcher(fetcher) {
  return async function fetchWithPlan(params, options = {}) {
    if (isIntrospection(params)) return fetcher(params, options);
    const started = performance.now();
    const result = await fetcher(params, withPlanHeader(options));
    if (typeof result?.[Symbol.asyncIterator] === "function") return planOfEach(result, started);
    return takePlan(result, started);
  };
}

function withPlanHeader(options) {
  const asked = Object.keys(options.headers ?? {}).some((name) => name.toLowerCase() === PLAN_HEADER.toLowerCase());
  if (asked || !planStore.get().wanted) return options;
  return { ...options, headers: { ...options.headers, [PLAN_HEADER]: "true" } };
}

async function* planOfEach(results, started) {
  for await (const result of results) yield takePlan(result, started);
}

// The answer is shown as any client would get it; the plan has a place of its own.
function takePlan(result, started) {
  const plan = result?.extensions?.apolloQueryPlan;
  const refused = Boolean(result?.errors?.length) && result.data === undefined;
  planStore.answered(plan, performance.now() - started, refused);
  if (!plan) return result;
  const { apolloQueryPlan, ...extensions } = result.extensions;
  const { extensions: _, ...rest } = result;
  return Object.keys(extensions).length ? { ...rest, extensions } : rest;
}
